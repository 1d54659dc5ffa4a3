/** What it costs to ask a function for its twin, where it has none: nanoseconds a call over a plain call, in one process. */
import {
  $callee as callee,
  $method as method,
  $SUSPENDED as SUSPENDED,
  $take as take,
  $unbox as unbox,
} from '@unblock/runtime/compiled';

const CALLS = 5_000_000;

/** Four functions of one hidden class, and four holders of another, as most places see them. They are several, so that V8 does not inline one. */
const functions = Array.from({ length: 4 }, (_, i) => new Function('x', `return (x ^ ${i}) | 0;`));
const holders = functions.map((m) => ({ m }));

const ordinary = () => (x) => (x ^ 1) | 0;
const sloppy = () => new Function('x', 'return (x ^ 2) | 0;');
const arrow = () => (x) => (x ^ 3) | 0;
const objectMethod = () =>
  ({
    m(x) {
      return (x ^ 4) | 0;
    },
  }).m;
const classMethod = () =>
  class {
    m(x) {
      return (x ^ 5) | 0;
    }
  }.prototype.m;

/** Functions of a dozen hidden classes, more than V8 remembers of one place: what a place sees that calls whatever it is handed. */
const shapes = [
  ordinary(),
  sloppy(),
  arrow(),
  objectMethod(),
  classMethod(),
  Math.trunc,
  ordinary().bind(null),
  Object.assign(ordinary(), { one: 1 }),
  Object.assign(ordinary(), { two: 2 }),
  Object.assign(sloppy(), { one: 1 }),
  Object.assign(sloppy(), { two: 2 }),
  Object.assign(arrow(), { one: 1 }),
  Object.assign(arrow(), { two: 2 }),
  Object.assign(objectMethod(), { three: 3 }),
  Object.assign(classMethod(), { four: 4 }),
  Object.assign(ordinary().bind(null), { one: 1 }),
];

function plainCalls() {
  let sum = 0;
  for (let i = 0; i < CALLS; i++) sum += functions[i & 3](i);
  return sum;
}

function lookedUpCalls() {
  let sum = 0;
  for (let i = 0; i < CALLS; i++) {
    const result = callee(functions[i & 3], 'f')(i);
    sum += result === SUSPENDED ? unbox(take()) : result;
  }
  return sum;
}

function plainCallsOfShapes() {
  let sum = 0;
  for (let i = 0; i < CALLS; i++) sum += shapes[i & 15](i);
  return sum;
}

function lookedUpCallsOfShapes() {
  let sum = 0;
  for (let i = 0; i < CALLS; i++) {
    const result = callee(shapes[i & 15], 'f')(i);
    sum += result === SUSPENDED ? unbox(take()) : result;
  }
  return sum;
}

function plainMethodCalls() {
  let sum = 0;
  for (let i = 0; i < CALLS; i++) sum += holders[i & 3].m(i);
  return sum;
}

function lookedUpMethodCalls() {
  let sum = 0;
  for (let i = 0; i < CALLS; i++) {
    const self = holders[i & 3];
    const result = method(self.m, 'holder.m').call(self, i);
    sum += result === SUSPENDED ? unbox(take()) : result;
  }
  return sum;
}

/** Nanoseconds a call. */
function time(run) {
  const started = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - started) / CALLS;
}

/**
 * The functions of many shapes come last: `callee` is shared by all cases, and V8 does not forget what it has seen.
 *
 * @param {number} repetitions interleaved, after one run of each to warm up
 * @returns {{ case: string, plain: number[], lookedUp: number[] }[]} nanoseconds a call
 */
export function measureLookups(repetitions) {
  return [
    ['function', plainCalls, lookedUpCalls],
    ['method', plainMethodCalls, lookedUpMethodCalls],
    ['function of many shapes', plainCallsOfShapes, lookedUpCallsOfShapes],
  ].map(([name, plain, lookedUp]) => {
    time(plain);
    time(lookedUp);
    const times = { case: name, plain: [], lookedUp: [] };
    for (let i = 0; i < repetitions; i++) {
      times.plain.push(time(plain));
      times.lookedUp.push(time(lookedUp));
    }
    return times;
  });
}
