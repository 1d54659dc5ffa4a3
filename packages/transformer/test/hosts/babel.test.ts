import { transformSync } from '@babel/core';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import * as api from '@unblock/runtime';
import * as runtime from '@unblock/runtime/compiled';
import { describe, expect, it } from 'vitest';
import unblock from '../../src/hosts/babel.js';

const PRESETS = [
  ['@babel/preset-env', { targets: { node: '20' }, modules: 'commonjs' }],
  ['@babel/preset-typescript', {}],
  ['@babel/preset-react', {}],
];

function transform(text: string, filename = '/app/view.tsx') {
  const result = transformSync(text, {
    filename,
    presets: PRESETS,
    plugins: [unblock],
    sourceMaps: true,
    configFile: false,
    babelrc: false,
    cwd: import.meta.dirname,
  });
  if (!result?.code || !result.map) throw new Error('Babel returned nothing');
  return { code: result.code, map: result.map };
}

function evaluate(code: string): Record<string, unknown> {
  const exports: Record<string, unknown> = {};
  const require = (name: string) => (name === '@unblock/runtime/compiled' ? runtime : process.getBuiltinModule(name));
  new Function('exports', 'require', code)(exports, require);
  return exports;
}

const SOURCE = `import fs from 'node:fs';
const React = { createElement: (type: string, props: object | null, ...children: unknown[]) => ({ type, children }) };
class Files {
  constructor(private readonly root: string) {}
  read(name: string): string {
    return fs.readFileSync(this.root + name, 'utf8');
  }
}
export function view(root: string, names: string[]) {
  const files = new Files(root);
  return <ul>{names.map((name: string) => files.read(name).length)}</ul>;
}
`;

describe('the Babel plugin', () => {
  it('works with preset-typescript, preset-env and JSX', async () => {
    const { view } = evaluate(transform(SOURCE).code) as { view: (root: string, names: string[]) => unknown };
    const twin = api.twin(view);
    if (twin === undefined) throw new Error('view has no twin');
    const root = `${import.meta.dirname}/`;
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const rendered = await twin(root, ['babel.test.ts', 'babel.test.ts']);
    clearInterval(timer);
    expect(rendered).toEqual(view(root, ['babel.test.ts', 'babel.test.ts']));
    expect(turns).toBeGreaterThan(0);
  });

  it('leads source maps to the original lines', () => {
    const { code, map } = transform(SOURCE);
    const trace = new TraceMap(map as never);
    const lines = code.split('\n');
    const places = lines.flatMap((line, row) => {
      const column = line.indexOf('readFileSync');
      return column < 0 ? [] : [originalPositionFor(trace, { line: row + 1, column })];
    });
    expect(places.length).toBeGreaterThanOrEqual(2);
    for (const place of places) expect(place.line).toBe(6);
  });

  it('leaves code without calls of unknown functions as it is', () => {
    const text = 'export const add = (a: number, b: number) => a + b;\n';
    const plain = transformSync(text, {
      filename: '/app/add.ts',
      presets: PRESETS,
      configFile: false,
      babelrc: false,
      cwd: import.meta.dirname,
    });
    expect(transform(text, '/app/add.ts').code).toBe(plain?.code);
  });

  it('names the option and a remedy for a mistake', () => {
    const run = () =>
      transformSync('f();', {
        filename: '/a.js',
        plugins: [[unblock, { pach: {} }]],
        configFile: false,
        babelrc: false,
      });
    expect(run).toThrow('unknown option: pach. Did you mean patch?');
  });
});
