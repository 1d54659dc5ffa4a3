/** Programs of a form, as long as they are wanted. */

const FS = "const fs = require('fs');\n";

function repeated(count: number, part: (i: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, i) => part(i)).join(separator);
}

/** Each grows by what programs have many of, so that compiling it takes time and memory in proportion. */
export const GROWING: Readonly<Record<string, (count: number) => string>> = {
  'functions that call each other': (count) =>
    `${FS}function f0(x) { return fs.readFileSync(x) }\n${repeated(count, (i) => `function f${i + 1}(x) { return f${i}(x) }`)}`,
  'functions that nothing blocks in': (count) =>
    repeated(count, (i) => `exports.f${i} = (x) => x + exports.f${i + 1}(x);`),
  'statements that block': (count) =>
    `${FS}exports.f = (x) => { ${repeated(count, (i) => `let v${i} = fs.readFileSync(x); x += v${i};`)} };`,
  'subclasses of one class': (count) =>
    `${FS}class A { m() { return fs.readFileSync('x') } run() { return this.m() } }
     ${repeated(count, (i) => `class B${i} extends A { m() { return super.m() + ${i} } go() { return this.run() } }`)}`,
  'methods of one class': (count) =>
    `${FS}class A { m0() { return fs.readFileSync('x') } ${repeated(count, (i) => `m${i + 1}() { return this.m${i}() }`)} }`,
  'callbacks of one list': (count) =>
    `${FS}const list = []; function on(f) { list.push(f) } ${repeated(count, (i) => `on((x) => fs.readFileSync(x + ${i}));`)}
     exports.go = () => list.map((f) => f(1));`,
  'methods of one name': (count) =>
    FS +
    repeated(
      count,
      (i) => `exports.a${i} = { run(x) { return fs.readFileSync(x) } }; exports.b${i} = (o) => o.run(${i});`,
    ),
  'members by a computed key': (count) =>
    `${FS}const o = {}; ${repeated(count, (i) => `o[k${i % 5}] = (x) => fs.readFileSync(x); exports.c${i} = (k) => o[k](${i});`)}`,
  'what passes through one function': (count) =>
    `${FS}function id(x) { return x }
     ${repeated(count, (i) => `exports.a${i} = id(() => fs.readFileSync('${i}')); exports.b${i} = () => id(exports.a${i})();`)}`,
  'modules of a bundle': (count) =>
    `!function (e) { var t = {}; function n(r) { if (t[r]) return t[r].exports; var i = t[r] = { exports: {} };
     return e[r].call(i.exports, i, i.exports, n), i.exports } n(0) }([${repeated(
       count,
       (i) =>
         `function (e, t, n) { var r = n(${(i + 1) % count}); e.exports = function (a) { return r(a) + n(${(i * 7) % count}).x(a) };
          e.exports.x = function (q) { return q.read(${i}) } }`,
       ',\n',
     )}])`,
  'cases of a switch': (count) =>
    `${FS}exports.f = (x) => { switch (x) { ${repeated(count, (i) => `case ${i}: return fs.readFileSync('${i}');`)} } };`,
  'values in a template': (count) =>
    `${FS}exports.f = (x) => \`${repeated(count, () => ['a$', '{fs.readFileSync(x)}'].join(''), '')}\`;`,
  'entries of a table': (count) =>
    `module.exports = [${repeated(count, (i) => `{ "id": ${i}, "tags": ["a", "b"] }`, ',\n')}];`,
};

/** Each nests as deeply as it is long. */
export const NESTING: Readonly<Record<string, (count: number) => string>> = {
  'links of a chain of calls': (count) =>
    `${FS}exports.f = (o) => o${repeated(count, (i) => `.m${i % 7}(fs.readFileSync('x'))`, '')};`,
  'links of an optional chain': (count) =>
    `${FS}exports.f = (o) => o${repeated(count, (i) => `?.m${i % 7}(fs.readFileSync('x'))`, '')};`,
  'branches of an if': (count) =>
    `${FS}exports.f = (x) => { ${repeated(count, (i) => `if (x === ${i}) return fs.readFileSync('x'); else`)} return x };`,
  'operands of an addition': (count) =>
    `${FS}exports.f = (x) => ${repeated(count, () => 'fs.readFileSync(x)', ' + ')};`,
};
