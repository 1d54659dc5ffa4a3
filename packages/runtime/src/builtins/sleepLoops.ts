/** What compiled code has for the test of a loop that only waits for the time. */
import { performance } from 'node:perf_hooks';
import { interruptible } from '../green/interruption.js';
import { clearTimeout, setTimeout } from '../node/clock.js';
import { type Callable, linkTwin, suspend } from '../twin/protocol.js';
import { beginWait, endWait } from '../twin/waits.js';

type Operator = '<' | '<=' | '>' | '>=';

/** Longest delay of a timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1;
/** How long is waited where it is not known how much time is left. */
const POLL = 5;

const { Date: NativeDate } = globalThis;
const { now: dateNow } = NativeDate;
const { getTime, valueOf: toValue, [Symbol.toPrimitive]: toPrimitive } = NativeDate.prototype;
const { now: performanceNow } = performance;

/**
 * Compares, as the loop does. Its twin waits for as long as the two sides differ, if the answer is that there is time left: the loop then asks
 * again.
 *
 * @param isFresh whether the clock was read for this comparison; else the difference may have nothing to do with the time that is left
 * @param operands what the names in the test hold: if one is no number, comparing it may do anything, and nothing is waited for
 */
export function hasTimeLeft(
  left: unknown,
  right: unknown,
  operator: Operator,
  _isFresh: boolean,
  ..._operands: unknown[]
): boolean {
  return compare(left, right, operator);
}

function compare(left: unknown, right: unknown, operator: Operator): boolean {
  const [one, other] = [left, right] as [number, number];
  if (operator === '<') return one < other;
  if (operator === '<=') return one <= other;
  return operator === '>' ? one > other : one >= other;
}

/** Whether the clocks are Node's own: others, such as those of tests, may go on only when they are asked. */
function isRealTime(): boolean {
  return (
    globalThis.Date === NativeDate &&
    NativeDate.now === dateNow &&
    NativeDate.prototype.getTime === getTime &&
    NativeDate.prototype.valueOf === toValue &&
    NativeDate.prototype[Symbol.toPrimitive] === toPrimitive &&
    globalThis.performance === performance &&
    performance.now === performanceNow
  );
}

linkTwin(
  hasTimeLeft as Callable,
  (left: unknown, right: unknown, operator: Operator, isFresh: boolean, ...operands: unknown[]) => {
    const answer = compare(left, right, operator);
    if (!answer || !isRealTime() || operands.some((operand) => typeof operand !== 'number')) return answer;
    const rest = Math.max(1, Math.ceil(Math.abs(Number(left) - Number(right))));
    return interruptible((interruption) =>
      suspend(
        new Promise((resolve) => {
          const wait = beginWait();
          const goOn = () => {
            endWait(wait);
            resolve(true);
          };
          const timer = setTimeout(goOn, Math.min(isFresh ? LONGEST : POLL, rest));
          if (interruption === undefined) return;
          interruption.release = () => {
            clearTimeout(timer);
            endWait(wait);
          };
        }),
      ),
    );
  },
);
