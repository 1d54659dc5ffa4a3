/** What it costs to ask a function for its twin, where it has none: nanoseconds a call over a plain call, in one process. */
import { callee, method, SUSPENDED, take, unbox } from '@unblock/runtime/compiled';

const CALLS = 5_000_000;

/** Four functions and their holders, of one hidden class each: what most calls of one place see. V8 knows which property it looks for. */
const functions = Array.from({ length: 4 }, (_, i) => new Function('x', `return (x ^ ${i}) | 0;`));
const holders = functions.map((m) => ({ m }));

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
 * @param {number} repetitions interleaved, after one run of each to warm up
 * @returns {{ case: string, plain: number[], lookedUp: number[] }[]} nanoseconds a call
 */
export function measureLookups(repetitions) {
  return [
    ['function', plainCalls, lookedUpCalls],
    ['method', plainMethodCalls, lookedUpMethodCalls],
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
