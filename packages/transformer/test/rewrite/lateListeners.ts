// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs have templates
/**
 * Programs that make children, block, and listen to them then. Each combines a way of making and keeping a child, of blocking, and of listening.
 */

interface Making {
  /** Declarations beside the scenes. */
  readonly declare?: string;
  /** Statements of the scene. */
  readonly make: string;
  /** An expression for what has been made. */
  readonly get: string;
}

/** Ways of making a child and of keeping it. */
export const MAKING: Readonly<Record<string, Making>> = {
  variable: { make: 'const child = begin();', get: 'child' },
  chosen: { make: 'let child; if (yes) child = begin();', get: 'child' },
  tried: { make: 'let child; try { child = begin(); } finally { yes; }', get: 'child' },
  returned: { declare: 'const make = () => begin();', make: 'const child = make();', get: 'child' },
  'in an object that is returned': {
    declare: 'function held() { return { child: begin(), name: 1 }; }',
    make: 'const one = held();',
    get: 'one.child',
  },
  'in an object that is spread': {
    declare: 'function held() { const child = begin(); return { child }; }',
    make: 'const one = { ...held() };',
    get: 'one.child',
  },
  'in a list that is returned': {
    declare: 'function several() { return [begin(), begin()]; }',
    make: 'const list = several();',
    get: 'list[1]',
  },
  'in a pattern': {
    declare: 'function held() { return { child: begin(), name: 1 }; }',
    make: 'const { child } = held();',
    get: 'child',
  },
  'by a method': {
    declare: 'class Job { start() { this.child = begin(); } }',
    make: 'const job = new Job(); job.start();',
    get: 'job.child',
  },
  'by a method that returns itself': {
    declare: 'class Job { start() { this.child = begin(); return this; } }',
    make: 'const job = new Job().start();',
    get: 'job.child',
  },
  'by a field': { declare: 'class Job { child = begin(); }', make: 'const job = new Job();', get: 'job.child' },
  'by a private field': {
    declare: 'class Job { #child = begin(); get child() { return this.#child; } }',
    make: 'const job = new Job();',
    get: 'job.child',
  },
  'by a constructor': {
    declare: 'class Job { constructor() { this.child = begin(); } }',
    make: 'const job = new Job();',
    get: 'job.child',
  },
  'by a getter': {
    declare: 'class Job { get child() { return (this.kept ??= begin()); } }',
    make: 'const job = new Job(); job.child;',
    get: 'job.child',
  },
  'by a generator': {
    declare: 'function* each() { yield begin(); }',
    make: 'const [child] = each();',
    get: 'child',
  },
  'by a default': {
    declare: 'function given(child = begin()) { return { child }; }',
    make: 'const { child } = given();',
    get: 'child',
  },
  'for a callback': {
    declare: 'function withOne(callback) { callback(begin()); }',
    make: 'let child; withOne((made) => { child = made; });',
    get: 'child',
  },
  'in an outer variable': {
    declare: 'let outer; function set() { outer = begin(); }',
    make: 'set();',
    get: 'outer',
  },
  'in a closure': {
    declare: 'function closed() { const child = begin(); return () => child; }',
    make: 'const get = closed();',
    get: 'get()',
  },
  'in a map': {
    declare: 'const jobs = new Map(); function register(name) { jobs.set(name, begin()); }',
    make: "register('a');",
    get: "jobs.get('a')",
  },
  'in a set that a function fills': {
    declare: 'const all = new Set(); function add() { all.clear(); all.add(begin()); }',
    make: 'add();',
    get: '[...all][0]',
  },
  'by a key': {
    declare: 'const byName = {}; function start(name) { byName[name] = begin(); }',
    make: "start('a');",
    get: 'byName.a',
  },
  'by assign': { make: 'const one = Object.assign({}, { child: begin() });', get: 'one.child' },
  'by concat': { make: 'const list = [].concat(begin());', get: 'list[0]' },
  'by an optional call': { make: 'const list = []; list?.push(begin());', get: 'list[0]' },
  'by filter': { make: 'const list = [begin()].filter(Boolean);', get: 'list[0]' },
  'by map and a name': { make: "const list = ['a', 'b'].map(begin);", get: 'list[1]' },
  'by map and an arrow': { make: "const list = ['a', 'b'].map(() => begin());", get: 'list[1]' },
  'by map and objects': { make: "const list = ['a'].map((name) => ({ name, child: begin() }));", get: 'list[0].child' },
  'by reduce': { make: 'const list = [1, 2].reduce((all) => [...all, begin()], []);', get: 'list[1]' },
  'in a while loop': { make: 'const list = []; while (list.length < 2) list.push(begin());', get: 'list[1]' },
  'in a loop that waits': {
    make: 'const list = []; while (list.length < 2) { list.push(begin()); block(0); }',
    get: 'list[0]',
  },
  'in a loop, under a condition': {
    make: 'let child; for (const i of [1, 2]) { if (i === 1) child = begin(); block(i); }',
    get: 'child',
  },
  'by map, behind what blocks': {
    make: "const list = ['a', 'b'].map((name) => { block(name); return begin(); });",
    get: 'list[1]',
  },
  'by forEach, among what blocks': {
    make: "const list = []; ['a', 'b'].forEach((name) => { block(0); list.push(begin()); block(1); });",
    get: 'list[1]',
  },
  'by reduce, behind what blocks': {
    make: 'const list = [1, 2].reduce((all) => { block(0); return [...all, begin()]; }, []);',
    get: 'list[1]',
  },
  'by replace, among what blocks': {
    make: "const list = []; 'ab'.replace(/./g, () => { block(0); list.push(begin()); return String(block(1)); });",
    get: 'list[1]',
  },
  'by Array.from': {
    make: 'const list = Array.from({ length: 2 }, () => { block(0); return begin(); });',
    get: 'list[1]',
  },
  'by a constructor that waits': {
    declare: 'class Job { constructor() { block(0); this.child = begin(); block(1); } }',
    make: 'const job = new Job();',
    get: 'job.child',
  },
  'by a field behind one that waits': {
    declare: 'class Job { first = block(0); child = begin(); last = block(1); }',
    make: 'const job = new Job();',
    get: 'job.child',
  },
  'by a field, before a constructor that waits': {
    declare: 'class Job { child = begin(); constructor() { block(0); this.name = block(1); } }',
    make: 'const job = new Job();',
    get: 'job.child',
  },
  'by the constructor of a parent': {
    declare: `class Parent { first = block(0); constructor() { this.child = begin(); block(1); } }
  class Job extends Parent { last = block(2); constructor() { super(block(3)); block(4); } }`,
    make: 'const job = new Job();',
    get: 'job.child',
  },
  'by fields without a constructor': {
    declare: `class Parent { first = block(0); child = begin(); }
  class Job extends Parent { last = block(2); other = begin(); }`,
    make: 'const job = new Job();',
    get: 'job.other',
  },
  'by a function that is constructed': {
    declare: 'function Job() { block(0); this.child = begin(); block(1); }',
    make: 'const job = new Job();',
    get: 'job.child',
  },
  'by a generator that waits': {
    declare: 'function* each() { block(0); yield begin(); block(1); yield begin(); }',
    make: 'const list = [...each()];',
    get: 'list[1]',
  },
  'by a generator in a loop': {
    declare: 'function* each() { block(0); yield begin(); block(1); yield begin(); }',
    make: 'const list = []; for (const child of each()) { block(2); list.push(child); }',
    get: 'list[0]',
  },
  'by a delegated generator': {
    declare: `function* inner() { block(0); yield begin(); }
  function* each() { block(1); yield* inner(); block(2); yield* inner(); }`,
    make: 'const [, child] = each();',
    get: 'child',
  },
  'by an iterator': {
    declare: `const each = { [Symbol.iterator]() { block(0); let n = 0; return { next() { block(1); return n++ < 2 ? { value: begin(), done: false } : { value: block(2), done: true }; } }; } };`,
    make: 'const list = []; for (const child of each) list.push(child);',
    get: 'list[1]',
  },
  'by a getter that waits': {
    declare: 'class Job { get child() { block(0); return (this.kept ??= begin()); } }',
    make: 'const job = new Job(); job.child;',
    get: 'job.kept',
  },
  'by a setter that waits': {
    declare: 'class Job { set name(name) { block(name); this.child = begin(); block(name); } }',
    make: "const job = new Job(); job.name = 'a';",
    get: 'job.child',
  },
  'by getters that are copied': {
    declare: 'const source = { get first() { block(0); return begin(); }, get last() { return block(1); } };',
    make: 'const one = { ...source };',
    get: 'one.first',
  },
  'by the default of a pattern': {
    declare: 'function given({ child = begin(), name = block(0) }) { return { child, name }; }',
    make: 'const one = given({});',
    get: 'one.child',
  },
  'by an executor': {
    make: 'let child; new Promise((resolve) => { block(0); child = begin(); resolve(block(1)); });',
    get: 'child',
  },
  'by a listener': {
    declare: `let outer; const bus = new EventEmitter();
  bus.on('begin', () => { block(0); outer = begin(); }); bus.on('begin', () => { block(1); });`,
    make: "bus.emit('begin');",
    get: 'outer',
  },
  'in a context': {
    declare: 'const context = new AsyncLocalStorage();',
    make: 'const child = context.run(1, () => { block(0); const made = begin(); block(1); return made; });',
    get: 'child',
  },
  'in a section': {
    make: 'const child = atomic(() => { block(0); const made = begin(); block(1); return made; });',
    get: 'child',
  },
  'by bound and applied functions': {
    declare: 'function made(x) { block(x); const child = begin(); block(x); return { child }; }',
    make: 'const one = made.bind(null, 1).call(); const other = Reflect.apply(made, null, [2]);',
    get: 'other.child',
  },
  'by a function that calls itself': {
    declare:
      'function deep(n) { block(n); if (n === 0) return { child: begin() }; const one = deep(n - 1); block(n); return one; }',
    make: 'const one = deep(3);',
    get: 'one.child',
  },
  'in finally': {
    declare:
      'let outer; function made() { try { block(0); throw new Error(); } catch { block(1); } finally { outer = begin(); block(2); } }',
    make: 'made();',
    get: 'outer',
  },
  'before an error': {
    declare: 'let outer; function made() { block(0); outer = begin(); block(1); throw new Error(); }',
    make: 'try { made(); } catch { block(2); }',
    get: 'outer',
  },
  'behind an error': {
    declare: 'let outer; function failing() { block(0); throw new Error(); }',
    make: 'try { failing(); } catch { outer = begin(); }',
    get: 'outer',
  },
  'for the template of a tag': {
    declare: 'function tag(strings, one, name) { return { child: one, name }; }',
    make: 'const one = tag`a${begin()}b${block(0)}`;',
    get: 'one.child',
  },
};

/** Ways of blocking. */
export const BLOCKING: Readonly<Record<string, string>> = {
  blocks: "block('once');",
  'blocks again and again': 'for (const i of [1, 2, 3]) block(i);',
  'calls what blocks': 'load();',
  'reads what blocks': 'config.text;',
};

/** Ways of listening to `@`, and telling `heard`. */
export const LISTENING: Readonly<Record<string, string>> = {
  listens: "@.on('error', heard);",
  'hands it on': 'listen(@, heard);',
  'calls a method that listens': 'listener.to(@, heard);',
  'listens, blocks, and listens again': "@.on('error', heard); block('between'); @.once('error', heard);",
  'listens with what blocks': "@.on('error', block(heard));",
  'listens in a loop': "for (const event of ['error']) { block(event); @.on(event, heard); }",
  'listens in a callback': "['error'].forEach((event) => { block(event); @.on(event, heard); });",
  'returns it to who blocks': 'return @;',
};

/** A program with a scene for each way of blocking and of listening. */
export function programOf({ declare = '', make, get }: Making): string {
  const scenes = Object.entries(BLOCKING).flatMap(([how, block]) =>
    Object.entries(LISTENING).map(([what, listen]) => {
      const name = `${how}, ${what}`;
      return `  await scene(${JSON.stringify(name)}, function (heard) {
    ${make}
    ${block}
    ${listen.replaceAll('@', get)}
  });`;
    }),
  );
  return `import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { connect } from 'node:net';
import { atomic } from '@unblock/runtime';

/** A child of the program, if not a process, that fails at once, which has been heard by somebody. */
function begin() {
  const child = connect('/nowhere/at/all');
  child.on('error', () => {});
  return child;
}

export async function main(block, log) {
  const yes = true;
  const config = { get text() { return block('text'); } };
  const listener = { to(child, heard) { block('to'); child.on('error', heard); } };
  function load() { return block('loaded'); }
  function listen(child, heard) { child.on('error', heard); }
  async function scene(name, play) {
    const heard = (error) => log(\`\${name}: \${error.code}\`);
    function whole() {
      const child = play(heard);
      if (child === undefined) return;
      block('returned');
      child.on('error', heard);
    }
    whole();
    for (let i = 0; i < 4; i++) await new Promise(setImmediate);
  }
  ${declare}
${scenes.join('\n')}
}
`;
}
