import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MUTATIONS, WITHOUT_RULES } from './mutations/index.js';
import { broken } from './mutations/rules.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

describe.each(Object.entries(MUTATIONS))('%s', (file, rules) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  it.each(Object.entries(rules))('%s', (_, edit) => {
    const changed = broken(text, edit);
    expect(changed).toBeTypeOf('string');
    expect(changed).not.toBe(text);
  });
});

const HELPERS = 'packages/runtime/src/compiled.ts';

/** Every file whose rules a program could show to be broken. */
function filesWithRules(): string[] {
  const inFolders = ['packages/transformer/src/rewrite', 'packages/runtime/src/twin'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((file) => posix.join(folder, file)),
  );
  const exports = readFileSync(join(ROOT, HELPERS), 'utf8').matchAll(/^(?:export |\} ).*from '(.*)\.js';$/gm);
  const helpers = [...exports].map(([, path]) => posix.join(posix.dirname(HELPERS), `${path}.ts`));
  return [...new Set([...inFolders, ...helpers])];
}

it('every file of rewriting and of the helpers has rules, or a reason to have none', () => {
  const files = filesWithRules();
  expect(files).toContain('packages/runtime/src/node/roots/wrap.ts');
  expect(files.filter((file) => !(file in MUTATIONS) && !(file in WITHOUT_RULES))).toEqual([]);
  expect(Object.keys(WITHOUT_RULES).filter((file) => file in MUTATIONS || !files.includes(file))).toEqual([]);
});
