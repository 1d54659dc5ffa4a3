/** Node's tests as programs that are to be compared: each in a folder of its own, beside what it needs of the others. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { compile } from '../../packages/transformer/dist/index.mjs';

const runtime = createRequire(new URL('../../packages/transformer/package.json', import.meta.url));

/** Deep enough for the callbacks of tests, which lie in each other. */
const maxOriginals = 6;

/** The forms in which a test runs: options of the compiler, and what its calls of compiled functions do. */
const FORMS = {
  original: undefined,
  compiled: { options: {} },
  suspending: { options: { forced: true, maxOriginals }, course: 'soon' },
};

/** Those that are held against the original. */
export const COMPILED_FORMS = Object.keys(FORMS).filter((form) => FORMS[form] !== undefined);

/**
 * Writes a test in a form.
 *
 * @param tests Node's folder `test`
 * @param name of the file below `parallel`
 * @param directory made anew
 * @returns the file to run, and the file that process `pid` leaves when the body of the test has come to its end
 */
export function writeProgram(tests, name, form, directory) {
  rmSync(directory, { recursive: true, force: true });
  const root = join(directory, 'test');
  mkdirSync(join(root, 'parallel'), { recursive: true });
  cpSync(join(tests, 'common'), join(root, 'common'), { recursive: true });
  symlinkSync(join(tests, 'fixtures'), join(root, 'fixtures'), 'junction');
  const file = join(root, 'parallel', name);
  const modules = [{ fileName: file, text: late(name, readFileSync(join(tests, 'parallel', name), 'utf8')) }];
  addRequired(modules, join(root, 'common'));
  for (const { fileName, text } of compiled(modules, FORMS[form])) {
    writeFileSync(fileName, fileName === file ? begun(name, text, FORMS[form]?.course) : text);
  }
  return { file, ending: (pid) => `${file}.${pid}` };
}

/**
 * Where a CommonJS module is loaded, nothing suspends: the body of the test runs behind that. An ES module may await. The body stays on its lines. Behind
 * its last statement it says so: a test that is suspended for ever would pass otherwise.
 */
function late(name, text) {
  return isEsm(name) ? `${text}\n;nodeTestEnded();\n` : `setImmediate(function () { ${text}\n;nodeTestEnded(); });\n`;
}

function isEsm(name) {
  return name.endsWith('.mjs');
}

/** Names nothing that could be seen by a test that looks for globals, and uses nothing that a test may replace. */
function begun(name, text, course) {
  const get = isEsm(name) ? 'process.getBuiltinModule' : 'require';
  const file = isEsm(name) ? 'import.meta.filename' : '__filename';
  const mark = `const nodeTestEnded = ((write) => () => write(${file} + '.' + process.pid, ''))(${get}('fs').writeFileSync);`;
  if (course === undefined) return `${mark} ${text}`;
  const from = JSON.stringify(runtime.resolve('@unblock/runtime'));
  const schedule = `${isEsm(name) ? `${get}('module').createRequire(import.meta.url)` : get}(${from}).scheduleTwins(() => '${course}');`;
  return `${mark} ${schedule} ${text}`;
}

/** Adds the modules of `common` that are required, and those that these require. */
function addRequired(modules, common) {
  for (const { fileName, text } of modules) {
    for (const [, specifier] of text.matchAll(/\b(?:require\(|from |import )'(\.[^']*)'/g)) {
      const required = resolved(specifier, fileName);
      if (required?.startsWith(common) && !modules.some((one) => one.fileName === required))
        modules.push({ fileName: required, text: readFileSync(required, 'utf8') });
    }
  }
}

function resolved(specifier, fromFile) {
  if (!specifier.startsWith('.')) return undefined;
  const path = resolve(dirname(fromFile), specifier);
  return [path, `${path}.js`, join(path, 'index.js')].find((file) => /\.m?js$/.test(file) && existsSync(file));
}

function compiled(modules, form) {
  if (form === undefined) return modules;
  const known = new Set(modules.map(({ fileName }) => fileName));
  const compilation = compile({
    modules: modules.map((module) => ({ ...module, ...kindOf(module) })),
    resolve(specifier, fromFile) {
      const file = resolved(specifier, fromFile);
      return known.has(file) ? file : undefined;
    },
    closed: true,
    options: { patch: {}, runtime: runtime.resolve('@unblock/runtime/compiled'), ...form.options },
  });
  return modules.map(({ fileName, text }) => ({ fileName, text: compilation.rewrite(fileName)?.code ?? text }));
}

function kindOf({ fileName }) {
  return isEsm(fileName) ? { kind: 'esm', topLevelAwait: true } : { kind: 'commonjs' };
}
