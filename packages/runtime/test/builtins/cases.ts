/** Cases for the builtins that call back: name, what they need, and the case. */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import type { Callable } from '../../src/twin/protocol.js';
import type { Bench, Case } from './harness.js';

class Special extends Array<unknown> {}
class Kept extends Array<unknown> {}
Object.defineProperty(Special, Symbol.species, { get: () => Kept });
class Own extends Uint8Array {}

const HOLE = Symbol('hole');
const METHODICAL = Object.assign(() => {}, { toJSON: () => 'by toJSON' });

/** An array that lacks the elements given as HOLE. */
function holed(...elements: unknown[]): unknown[] {
  for (const [i, element] of elements.entries()) if (element === HOLE) delete elements[i];
  return elements;
}

const holey = () => holed(1, HOLE, 3, HOLE, 5);
const arrayLike = () => ({ 0: 'a', 2: 'c', length: 3 });
const odd = (x: number) => x % 2 === 1;

const ARRAY_METHODS = [
  'every',
  'some',
  'forEach',
  'map',
  'filter',
  'flatMap',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
];
const TYPED_METHODS = ['every', 'some', 'forEach', 'map', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex'];

const arrays = Array.prototype as unknown as Record<string, unknown>;
const typed = Object.getPrototypeOf(Uint8Array.prototype) as Record<string, unknown>;
const iterators = (globalThis as unknown as { Iterator?: { prototype: Record<string, unknown> } }).Iterator?.prototype;
const { groupBy } = Object as { groupBy?: unknown };
const { groupBy: mapGroupBy } = Map as { groupBy?: unknown };

function* counting(note: (entry: unknown) => void) {
  try {
    yield 1;
    yield 2;
    yield 3;
  } finally {
    note('closed');
  }
}

const fails = () => {
  throw new RangeError('from the callback');
};

/** Helpers of iterators: made, consumed, mixed and ended in every way. */
const LAZY: [string, Case, boolean][] = (
  [
    ['map', (x: number) => x * 2],
    ['filter', (x: number) => x % 2 === 1],
    ['flatMap', (x: number) => [x, -x]],
    ['flatMap', (x: number) => (x === 2 ? [] : new Set([x]))],
    ['flatMap', () => counting(() => {})],
    ['flatMap', () => 7],
    ['flatMap', () => 'text'],
    ['flatMap', () => ({ [Symbol.iterator]: 3 })],
    ['flatMap', () => ({ next: () => 5 })],
  ] as const
).flatMap(([name, behaviour], i): [string, Case, boolean][] => {
  const make = async ({ run, callback, note }: Bench, source: object = counting(note)) =>
    (await run(iterators?.[name], source, callback(behaviour))) as Iterator<unknown>;
  const title = `iterator ${name} ${i}`;
  return [
    [
      `${title}, to an array`,
      async (bench) => bench.run(iterators?.toArray, await make(bench)),
      iterators !== undefined,
    ],
    [
      `${title}, for each, ended by a throw`,
      async (bench) => bench.run(iterators?.forEach, await make(bench), bench.callback(fails)),
      iterators !== undefined,
    ],
    [
      `${title}, behind and before others`,
      async (bench) => {
        const dropped = await bench.run(iterators?.drop, await make(bench), 1);
        const taken = await bench.run(iterators?.take, dropped, 2);
        const mapped = await bench.run(
          iterators?.map,
          taken,
          bench.callback((x: unknown, i: number) => `${x} ${i}`),
        );
        return bench.run(iterators?.toArray, mapped);
      },
      iterators !== undefined,
    ],
    [
      `${title}, next by next, some of them synchronous`,
      async (bench) => {
        const helper = await make(bench);
        const next = (Object.getPrototypeOf(helper) as { next: unknown }).next;
        const results: unknown[] = [];
        for (let n = 0; n < 9; n++) results.push(n % 3 === 1 ? helper.next() : await bench.run(next, helper));
        return [results, Object.prototype.toString.call(helper)];
      },
      iterators !== undefined,
    ],
    [
      `${title}, ended by return`,
      async (bench) => {
        const helper = await make(bench);
        const next = (Object.getPrototypeOf(helper) as { next: unknown }).next;
        return [await bench.run(next, helper), helper.return?.(), await bench.run(next, helper), helper.next()];
      },
      iterators !== undefined,
    ],
    [
      `${title}, over results that are none`,
      async (bench) => bench.run(iterators?.toArray, await make(bench, { next: () => 3 })),
      iterators !== undefined,
    ],
    [
      `${title}, over a watched source`,
      async (bench) => bench.run(iterators?.toArray, await make(bench, bench.watched(counting(bench.note)))),
      iterators !== undefined,
    ],
  ];
});

export const CASES: readonly (readonly [name: string, test: Case, exists?: boolean])[] = [
  ...ARRAY_METHODS.flatMap((name): [string, Case][] => [
    [`${name} of an array with holes`, ({ run, callback }) => run(arrays[name], holey(), callback(odd), 'self')],
    [
      `${name} of an array-like`,
      ({ run, callback }) =>
        run(
          arrays[name],
          arrayLike(),
          callback((x: string) => x === 'c'),
        ),
    ],
    [
      `${name} of a string`,
      ({ run, callback }) =>
        run(
          arrays[name],
          'abc',
          callback((x: string) => x),
        ),
    ],
    [`${name} of a watched array`, ({ run, callback, watched }) => run(arrays[name], watched([3, 4]), callback(odd))],
    [
      `${name} of a subclass with species`,
      ({ run, callback }) => run(arrays[name], Special.from([1, 2]), callback(odd)),
    ],
    [
      `${name} of an array that grows and shrinks`,
      ({ run, callback }) => {
        const array = [1, 2, 3, 4];
        const change = (x: number) => (x === 1 ? array.push(5) : array.pop()) && false;
        return run(arrays[name], array, callback(change)).then((result) => [result, array]);
      },
    ],
    [`${name} with a callback that throws`, ({ run, callback }) => run(arrays[name], [1], callback(fails))],
    [`${name} of nothing`, ({ run, callback }) => run(arrays[name], undefined, callback(odd))],
    [`${name} without a callback`, ({ run }) => run(arrays[name], [1], 'no function')],
    [`${name} of an empty array`, ({ run, callback }) => run(arrays[name], [], callback(odd))],
  ]),
  [
    'flatMap flattens one level',
    ({ run, callback }) =>
      run(
        arrays.flatMap,
        [1, 2],
        callback((x: number) => holed(x, [x], HOLE, 9)),
      ),
  ],
  ...['reduce', 'reduceRight'].flatMap((name): [string, Case][] => [
    [
      `${name} without initial value`,
      ({ run, callback }) =>
        run(
          arrays[name],
          holey(),
          callback((a: number, b: number) => a * 10 + b),
        ),
    ],
    [
      `${name} with undefined as initial value`,
      ({ run, callback }) =>
        run(
          arrays[name],
          [1],
          callback((a: unknown, b: unknown) => [a, b]),
          undefined,
        ),
    ],
    [`${name} of nothing`, ({ run, callback }) => run(arrays[name], holed(HOLE, HOLE), callback(odd))],
    [
      `${name} of a typed array`,
      ({ run, callback }) =>
        run(
          typed[name],
          Uint8Array.of(1, 2, 3),
          callback((a: number, b: number) => a - b),
        ),
    ],
  ]),
  ...TYPED_METHODS.flatMap((name): [string, Case][] => [
    [`typed ${name}`, ({ run, callback }) => run(typed[name], Int16Array.of(1, -2, 3), callback(odd), 'self')],
    [`typed ${name} of a subclass`, ({ run, callback }) => run(typed[name], Own.of(1, 2, 3), callback(odd))],
    [`typed ${name} of another object`, ({ run, callback }) => run(typed[name], [1], callback(odd))],
    [
      `typed ${name} with a callback that throws`,
      ({ run, callback }) => run(typed[name], Uint8Array.of(1), callback(fails)),
    ],
  ]),
  [
    'typed map converts',
    ({ run, callback }) =>
      run(
        typed.map,
        Uint8Array.of(1, 2),
        callback((x: number) => x * 200),
      ),
  ],
  ...(
    [
      ['sort', arrays.sort, () => holed(3, undefined, 1, HOLE, 2, 10), (a: number, b: number) => a - b],
      [
        'sort, stable',
        arrays.sort,
        () => ['b1', 'a1', 'b2', 'a2'],
        (a: string, b: string) => (a[0] as string).localeCompare(b[0] as string),
      ],
      ['sort of an array-like', arrays.sort, () => ({ 0: 2, 1: 1, length: 2 }), (a: number, b: number) => a - b],
      ['toSorted', arrays.toSorted, () => holed(3, HOLE, 1), (a: number, b: number) => b - a],
      ['typed sort', typed.sort, () => Float64Array.of(2, -0, 0, 1), (a: number, b: number) => b - a],
      ['typed toSorted', typed.toSorted, () => Own.of(2, 3, 1), (a: number, b: number) => a - b],
    ] as const
  ).map(([name, fn, make, compare]): [string, Case] => [
    name,
    async ({ run, callback }) => {
      const o = make();
      const result = await run(fn, o, callback(compare as never));
      return [result, o];
    },
  ]),
  [
    'Array.from of a list',
    ({ run, callback }) =>
      run(
        Array.from,
        Array,
        [1, 2],
        callback((x: number, i: number) => x + i),
        'self',
      ),
  ],
  [
    'Array.from of an array-like',
    ({ run, callback }) =>
      run(
        Array.from,
        Array,
        { length: '2', 1: 'x' },
        callback((x: unknown) => [x]),
      ),
  ],
  [
    'Array.from as a subclass',
    async ({ run, callback }) => {
      const made = await run(
        Array.from,
        Kept,
        new Set([1, 2]),
        callback((x: number) => x * 2),
      );
      return [made instanceof Kept, made];
    },
  ],
  [
    'Array.from without constructor',
    ({ run, callback }) =>
      run(
        Array.from,
        undefined,
        'ab',
        callback((x: string) => x + x),
      ),
  ],
  [
    'Array.from closes its iterator',
    ({ run, callback, note }) => run(Array.from, Array, counting(note), callback(fails)),
  ],
  ['Array.from of nothing', ({ run, callback }) => run(Array.from, Array, null, callback(odd))],
  ...[Map, WeakMap].map((Table): [string, Case] => [
    `getOrInsertComputed of ${Table.name}`,
    async ({ run, callback, note }) => {
      const { getOrInsertComputed } = Table.prototype as { getOrInsertComputed?: Callable };
      // Since Node 26.
      if (getOrInsertComputed === undefined) return 'none';
      const key = {};
      const table = new (Table as new () => Map<unknown, unknown>)();
      const compute = (value: unknown) =>
        callback((given: unknown) => {
          note(given === key);
          table.set(key, 'meanwhile');
          return value;
        });
      const results = [];
      for (const value of ['first', 'second']) results.push(await run(getOrInsertComputed, table, key, compute(value)));
      const refused = await Promise.resolve(
        run(getOrInsertComputed, table, Table === Map ? -0 : 5, callback(Object.is.bind(null, 0))),
      ).catch(String);
      return [results, table.get(key), refused];
    },
  ]),
  [
    'typed from, of a list',
    ({ run, callback }) =>
      run(
        Uint8Array.from,
        Uint8Array,
        new Set([1, 2, 300]),
        callback((x: number, i: number) => x + i),
        'self',
      ),
  ],
  [
    'typed from, of an array-like',
    ({ run, callback, note }) =>
      run(
        Float64Array.from,
        Float64Array,
        {
          length: '2',
          get 0() {
            return note('read');
          },
          1: '5',
        },
        callback((x: unknown) => note(x)),
      ),
  ],
  [
    'typed from, of values that are no numbers of its kind',
    ({ run, callback }) =>
      run(
        BigInt64Array.from,
        BigInt64Array,
        [1n, 2],
        callback((x: unknown) => x),
      ),
  ],
  [
    'typed from, as a constructor that makes something else',
    ({ run, callback }) => run(Uint8Array.from, () => ({}), [1], callback(odd)),
  ],
  [
    'typed from, as a constructor that makes too little',
    ({ run, callback }) => run(Uint8Array.from, () => new Uint8Array(1), [1, 2], callback(odd)),
  ],
  [
    'typed from takes all items before it maps',
    ({ run, callback, note }) =>
      run(
        Uint8Array.from,
        Uint8Array,
        counting(note),
        callback((x: number) => note(x)),
      ),
  ],
  ['typed from without constructor', ({ run, callback }) => run(Uint8Array.from, undefined, [1], callback(odd))],
  ['typed from nothing', ({ run, callback }) => run(Uint8Array.from, Uint8Array, null, callback(odd))],
  ...(
    [
      [
        'Map',
        () =>
          new Map([
            ['a', 1],
            ['b', 2],
          ]),
      ],
      ['Set', () => new Set(['a', 'b'])],
      ['URLSearchParams', () => new URLSearchParams('a=1&b=2&a=3')],
      ['Headers', () => new Headers({ b: '2', a: '1' })],
      [
        'FormData',
        () => {
          const form = new FormData();
          for (const [name, value] of [
            ['b', '2'],
            ['a', '1'],
            ['b', '3'],
          ] as const)
            form.append(name, value);
          return form;
        },
      ],
    ] as const
  ).map(([name, make]): [string, Case] => [
    `${name} forEach`,
    ({ run, callback }) => {
      const collection = make();
      return run(
        collection.forEach,
        collection,
        callback(() => 0),
        'self',
      );
    },
  ]),
  [
    'FormData forEach sees entries that are added and deleted',
    ({ run, callback }) => {
      const form = new FormData();
      for (const name of ['a', 'b', 'c']) form.append(name, name);
      return run(
        form.forEach,
        form,
        callback((value: string) => {
          if (value === 'a') form.delete('b');
          if (value === 'c') form.append('d', 'new');
        }),
      );
    },
  ],
  [
    'Headers forEach without receiver',
    ({ run, callback }) => {
      const headers = new Headers({ a: '1' });
      return run(
        headers.forEach,
        headers,
        callback(() => 0),
      );
    },
  ],
  [
    'FormData forEach of something else',
    ({ run, callback }) =>
      run(
        FormData.prototype.forEach,
        new Map([['a', 1]]),
        callback(() => 0),
      ),
  ],
  [
    'Map forEach sees entries that are added, and not those that are deleted',
    ({ run, callback }) => {
      const map = new Map([
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ]);
      return run(
        map.forEach,
        map,
        callback((_: string, key: number) => (key === 1 ? map.delete(2) : key < 5 && map.set(key + 2, 'new'))),
      );
    },
  ],
  ...(
    [
      ['a string', 'a-b-a', () => 'a'],
      ['an expression', 'abcab', () => /(?<first>a)(b)?/g],
      ['an expression that matches nothing', 'abc', () => /x/],
      ['a sticky expression', 'aab', () => /a/y],
      ['an empty match', 'ab', () => /(?:)/g],
      ['a number', '1212', () => 2],
    ] as const
  ).flatMap(([name, text, pattern]): [string, Case][] => [
    [
      `replace of ${name}`,
      ({ run, callback }) =>
        run(
          String.prototype.replace,
          text,
          pattern(),
          callback((m: string) => `<${m}$&>`),
        ),
    ],
    [
      `replaceAll of ${name}`,
      ({ run, callback }) =>
        run(
          String.prototype.replaceAll,
          text,
          pattern(),
          callback((m: string) => `<${m}>`),
        ),
    ],
  ]),
  [
    'replace by what is no string',
    ({ run, callback }) =>
      run(
        String.prototype.replace,
        'ab',
        /./g,
        callback(() => undefined),
      ),
  ],
  [
    'replace by a symbol',
    ({ run, callback }) =>
      run(
        String.prototype.replace,
        'ab',
        'a',
        callback(() => Symbol('s')),
      ),
  ],
  [
    'replace with a pattern of its own',
    ({ run, callback }) => {
      const pattern = { [Symbol.replace]: (text: string, by: (x: string) => string) => `${by(text)}!` };
      return run(
        String.prototype.replace,
        'ab',
        pattern,
        callback((x: string) => x + x),
      );
    },
  ],
  ...['{"a":[1,{"b":null}],"c":"x","__proto__":1}', '[]', '1e3', '{"a":1,"b":2,"c":3}', '{"broken"'].flatMap(
    (text): [string, Case][] => [
      [
        `JSON.parse of ${text}`,
        ({ run, callback }) =>
          run(
            JSON.parse,
            JSON,
            text,
            callback((_: string, value: unknown) => (typeof value === 'number' ? value + 1 : value)),
          ),
      ],
      [
        `JSON.parse of ${text} that drops`,
        ({ run, callback }) =>
          run(
            JSON.parse,
            JSON,
            text,
            callback(function (this: Record<string, unknown>, key: string, value: unknown) {
              if (key === 'a') delete this.b;
              return key === 'c' ? undefined : value;
            }),
          ),
      ],
    ],
  ),
  ...(
    [
      [
        'an object',
        () => ({ b: 1, a: [undefined, () => 1, Symbol('s'), new Date(0)], n: null, nested: { deep: 'x' } }),
      ],
      ['values with objects of their own', () => [new Number(1), new String('s'), new Boolean(false), NaN, -0]],
      ['a bigint', () => ({ a: 1, big: 1n })],
      [
        'a circle',
        () => {
          const o: Record<string, unknown> = { x: 1 };
          o.self = o;
          return o;
        },
      ],
      ['undefined', () => undefined],
      ['a string', () => 'text'],
      ['a function', () => METHODICAL],
      [
        'objects that hold primitives, and have methods',
        () => [
          Object.assign(Object(1), { valueOf: () => 2 }),
          Object.assign(Object('a'), { toString: () => 'b' }),
          Object(true),
        ],
      ],
      ['an object that holds a bigint', () => [Object(1n)]],
      ['an object that holds a symbol', () => Object.assign(Object(Symbol.iterator), { a: 1, b: { toJSON: () => 2 } })],
      ['what becomes a function', () => ({ toJSON: () => METHODICAL })],
    ] as const
  ).flatMap(([name, make]): [string, Case][] => [
    [
      `JSON.stringify of ${name}`,
      ({ run, callback }) =>
        run(
          JSON.stringify,
          JSON,
          make(),
          callback((_: string, value: unknown) => value),
          2,
        ),
    ],
    [
      `JSON.stringify of ${name}, changed`,
      ({ run, callback }) =>
        run(
          JSON.stringify,
          JSON,
          make(),
          callback((key: string, value: unknown) =>
            key === 'a' ? { replaced: [key] } : key === 'n' ? undefined : value,
          ),
        ),
    ],
  ]),
  [
    'Object.groupBy',
    ({ run, callback }) =>
      run(
        groupBy,
        Object,
        ['x', 'y', 'zz'],
        callback((x: string) => x.length),
      ),
    groupBy !== undefined,
  ],
  [
    'Object.groupBy closes its iterator',
    ({ run, callback, note }) => run(groupBy, Object, counting(note), callback(fails)),
    groupBy !== undefined,
  ],
  [
    'Map.groupBy',
    ({ run, callback }) =>
      run(
        mapGroupBy,
        Map,
        [0, -0, 'a'],
        callback((x: unknown) => x),
      ),
    mapGroupBy !== undefined,
  ],
  ...['forEach', 'some', 'every', 'find', 'reduce'].flatMap((name): [string, Case, boolean][] => [
    [
      `iterator ${name}`,
      ({ run, callback, note }) =>
        run(
          iterators?.[name],
          counting(note),
          callback((x: number) => x === 2),
        ),
      iterators !== undefined,
    ],
    [
      `iterator ${name} with a callback that throws`,
      ({ run, callback, note }) => run(iterators?.[name], counting(note), callback(fails)),
      iterators !== undefined,
    ],
    [
      `iterator ${name} of what has ended`,
      ({ run, callback }) => run(iterators?.[name], [].values(), callback(odd)),
      iterators !== undefined,
    ],
  ]),
  ...LAZY,
  [
    'call',
    ({ run, callback }) =>
      run(
        Function.prototype.call,
        callback((x: number) => x + 1),
        'self',
        1,
      ),
  ],
  [
    'apply',
    ({ run, callback }) =>
      run(
        Function.prototype.apply,
        callback((...x: number[]) => x),
        'self',
        [1, 2],
      ),
  ],
  [
    'apply without a list',
    ({ run, callback }) =>
      run(
        Function.prototype.apply,
        callback(() => 1),
        'self',
        1,
      ),
  ],
  [
    'bind',
    async ({ run, callback }) => {
      const bound = await run(
        Function.prototype.bind,
        callback((...x: number[]) => x),
        'self',
        1,
      );
      return run(bound, 'other', 2);
    },
  ],
  [
    'bind of what is bound',
    async ({ run, callback }) => {
      const { bind } = Function.prototype;
      const once = await run(
        bind,
        callback((...x: number[]) => x),
        'self',
        1,
      );
      const twice = (await run(bind, once, 'other', 2)) as { name: string; length: number };
      return [await run(twice, 'third', 3), twice.name, twice.length];
    },
  ],
  ...['call', 'apply', 'bind'].flatMap((name): [string, Case][] => {
    const method = (Function.prototype as unknown as Record<string, unknown>)[name];
    return [
      [`${name} of what is no function`, ({ run }) => run(method, {}, 'self')],
      [`${name} of nothing`, ({ run }) => run(method, undefined)],
      [`${name} with a callback that throws`, async ({ run, callback }) => run(await run(method, callback(fails)), 1)],
    ];
  }),
  // `sort` returns what is watched, which promises then ask for a method of its own.
  [
    'toSorted of a watched array',
    ({ run, callback, watched }) =>
      run(
        arrays.toSorted,
        watched([2, 3, 1]),
        callback((a: number, b: number) => a - b),
      ),
  ],
  ['Reflect.apply of what is no function', ({ run }) => run(Reflect.apply, Reflect, {}, 'self', [])],
  [
    'Reflect.apply with a callback that throws',
    ({ run, callback }) => run(Reflect.apply, Reflect, callback(fails), 1, []),
  ],
  [
    'Reflect.apply with a list that is none',
    ({ run, callback }) =>
      run(
        Reflect.apply,
        Reflect,
        callback((...x: number[]) => x),
        'self',
        { length: 2, 0: 'a' },
      ),
  ],
  ...['filter', 'map'].map((name): [string, Case] => [
    `typed ${name} of a subclass with species`,
    async ({ run, callback }) => {
      class Wide extends Uint8Array {
        static get [Symbol.species]() {
          return Float64Array as unknown as Uint8ArrayConstructor;
        }
      }
      const result = await run(
        typed[name],
        Wide.of(1, 2, 3),
        callback((x: number) => x / 2),
      );
      return [(result as object).constructor.name, result];
    },
  ]),
  ...[...TYPED_METHODS, 'reduce', 'reduceRight', 'sort', 'toSorted'].flatMap((name): [string, Case][] => [
    [
      `typed ${name} whose buffer goes`,
      async ({ run, callback }) => {
        const array = Float64Array.of(3, 1, 2);
        const take = (x: number, y: number) => {
          if (array.length > 0) structuredClone(array.buffer, { transfer: [array.buffer] });
          return name.endsWith('ort') ? y - x : name === 'every';
        };
        const result = await run(typed[name], array, callback(take));
        return result === array ? 'itself' : result;
      },
    ],
    [
      `typed ${name} whose buffer is gone`,
      ({ run, callback }) => {
        const array = Float64Array.of(1, 2);
        structuredClone(array.buffer, { transfer: [array.buffer] });
        return run(typed[name], array, callback(odd));
      },
    ],
    [`typed ${name} of nothing`, ({ run, callback }) => run(typed[name], new Uint8Array(0), callback(odd))],
  ]),
  ...['map', 'filter'].flatMap((name) =>
    (
      [
        ['of its own', (length: number) => new Float32Array(length + 1)],
        ['that is too small', () => new Uint8Array(1)],
        ['of another content', (length: number) => new BigInt64Array(length)],
        ['of no kind', () => []],
        ['that throws', fails],
        ['that is no constructor', undefined],
      ] as const
    ).map(([description, make]): [string, Case] => [
      `typed ${name} with a species ${description}`,
      async ({ run, callback, note, watched }) => {
        const array = Uint8Array.of(1, 2, 3);
        function Species(...args: unknown[]) {
          note(['made with', ...args]);
          return (make as Callable)(...args);
        }
        const species = make === undefined ? { [Symbol.species]: 5 } : { [Symbol.species]: Species };
        Object.defineProperty(array, 'constructor', { value: watched(species) });
        const result = await run(
          typed[name],
          array,
          callback((x: number) => x * 2),
        );
        return [(result as object).constructor.name, result];
      },
    ]),
  ),
  ...(['constructor', 'undefined', 'null'] as const).map((text): [string, Case] => [
    `typed map with ${text} in place of a constructor`,
    ({ run, callback }) => {
      const array = Uint8Array.of(1, 2, 3);
      const value = text === 'constructor' ? 7 : text === 'null' ? null : undefined;
      Object.defineProperty(array, 'constructor', { value });
      return run(typed.map, array, callback(odd));
    },
  ]),
  ...['sort', 'toSorted'].flatMap((name): [string, Case][] => [
    [`typed ${name} of another object`, ({ run, callback }) => run(typed[name], [2, 1], callback(odd))],
    [
      `typed ${name} with a callback that throws`,
      ({ run, callback }) => run(typed[name], Uint8Array.of(2, 1), callback(fails)),
    ],
    [
      `${name} by a symbol`,
      ({ run, callback }) =>
        run(
          arrays[name],
          [2, 1],
          callback(() => Symbol('s')),
        ),
    ],
    [
      `${name} by a bigint`,
      ({ run, callback }) =>
        run(
          arrays[name],
          [2, 1],
          callback(() => 1n),
        ),
    ],
    [`${name} with a callback that throws`, ({ run, callback }) => run(arrays[name], [3, 2, 1], callback(fails))],
  ]),
  [
    'Reflect.apply',
    ({ run, callback }) =>
      run(
        Reflect.apply,
        Reflect,
        callback((...x: number[]) => x),
        'self',
        [1],
      ),
  ],
  [
    'Reflect.apply without a list',
    ({ run, callback }) =>
      run(
        Reflect.apply,
        Reflect,
        callback(() => 1),
        'self',
      ),
  ],
  [
    'AsyncLocalStorage run and exit',
    async ({ run, callback }) => {
      const storage = new AsyncLocalStorage<string>();
      const inside = await run(
        storage.run,
        storage,
        'stored',
        callback((x: number) => [x, storage.getStore()]),
        1,
      );
      return [
        inside,
        storage.getStore(),
        await run(
          storage.exit,
          storage,
          callback(() => storage.getStore()),
        ),
      ];
    },
  ],
  [
    'AsyncResource runInAsyncScope',
    ({ run, callback }) => {
      const resource = new AsyncResource('Test');
      return run(
        resource.runInAsyncScope,
        resource,
        callback((x: number) => x),
        'self',
        1,
      );
    },
  ],
  [
    'AsyncResource bind',
    async ({ run, callback }) =>
      run(
        await run(
          AsyncResource.bind,
          AsyncResource,
          callback((x: number) => x),
        ),
        'self',
        1,
      ),
  ],
  [
    'AsyncLocalStorage bind and snapshot',
    async ({ run, callback }) => {
      const storage = new AsyncLocalStorage<string>();
      const read = callback(() => storage.getStore());
      const [bound, snapshot] = await storage.run('then', async () => [
        await run(AsyncLocalStorage.bind, AsyncLocalStorage, read),
        await run(AsyncLocalStorage.snapshot, AsyncLocalStorage),
      ]);
      return storage.run('now', async () => [await run(bound, undefined), await run(snapshot, undefined, read)]);
    },
  ],
];
