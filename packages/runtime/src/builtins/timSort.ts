/**
 * Timsort, as CPython's listsort.txt describes it, with the comparisons that V8 makes: in its order, and with its arguments. The order is
 * the implementation's choice, but a comparator that is inconsistent, or has effects, gets another result from another order.
 */
import type { Callable } from '../twin/protocol.js';
import { call, type Steps } from '../twin/steps.js';

/** Wins in a row from which merging gallops. */
const MIN_GALLOP = 7;

interface Run {
  readonly base: number;
  length: number;
}

/** Compares two elements; negative if the first comes first. Never NaN. */
type Compare = (x: unknown, y: unknown) => Steps<number>;

/**
 * Up to how many elements the running V8 sorts by insertion alone, without looking for a run first: seen by the comparisons that it makes
 * for elements which are in order (from Node 26 on 7 for `sort`, 0 for `toSorted`).
 */
export function longestInsertion(sort: (list: number[], compare: (x: number, y: number) => number) => unknown): number {
  // Insertion into two or three elements takes the comparisons that a run takes.
  for (let length = 4; ; length++) {
    let calls = 0;
    sort(
      Array.from({ length }, (_, i) => i),
      (x, y) => {
        calls++;
        return x - y;
      },
    );
    if (calls === length - 1) return length === 4 ? 0 : length - 1;
  }
}

/**
 * Sorts an array of values in place, stably.
 *
 * @param compare called with two elements; its twin is awaited where it has one
 * @param inserted up to how many elements are sorted by insertion alone
 */
export function* timSort(values: unknown[], compare: Callable, inserted: number): Steps<unknown[]> {
  if (values.length < 2) return values;
  const sort = new TimSort(values, function* (x, y) {
    const order = yield* call(compare, undefined, [x, y]);
    // Unlike Number(), this refuses a bigint, as the specification does.
    return +(order as number) || 0;
  });
  yield* values.length <= inserted ? sort.insert(0, 1, values.length) : sort.run();
  return values;
}

/** Runs at least this long, so that their number is a power of two or a little less. */
function minimumRunLength(length: number): number {
  let n = length;
  let rest = 0;
  while (n >= 64) {
    rest |= n & 1;
    n >>= 1;
  }
  return n + rest;
}

class TimSort {
  private readonly runs: Run[] = [];
  private minGallop = MIN_GALLOP;

  constructor(
    private readonly work: unknown[],
    private readonly compare: Compare,
  ) {}

  *run(): Steps<void> {
    const { length } = this.work;
    const minimum = minimumRunLength(length);
    let low = 0;
    while (low < length) {
      let found = yield* this.countRun(low, length);
      if (found < minimum) {
        const forced = Math.min(minimum, length - low);
        yield* this.insert(low, low + found, low + forced);
        found = forced;
      }
      this.runs.push({ base: low, length: found });
      yield* this.collapse();
      low += found;
    }
    while (this.runs.length > 1) yield* this.mergeAt(this.smallerSide(this.runs.length - 2));
  }

  /** The length of the run that begins at `low`; a descending one is reversed. */
  private *countRun(low: number, high: number): Steps<number> {
    const { work } = this;
    let at = low + 1;
    if (at === high) return 1;
    const descending = (yield* this.compare(work[at], work[low])) < 0;
    for (at++; at < high; at++) {
      const order = yield* this.compare(work[at], work[at - 1]);
      if (descending ? order >= 0 : order < 0) break;
    }
    if (descending) {
      for (let i = low, j = at - 1; i < j; i++, j--) [work[i], work[j]] = [work[j], work[i]];
    }
    return at - low;
  }

  /** Binary insertion: [low, start) is sorted already. */
  *insert(low: number, start: number, high: number): Steps<void> {
    const { work } = this;
    for (let at = start; at < high; at++) {
      const pivot = work[at];
      let left = low;
      let right = at;
      while (left < right) {
        const middle = left + ((right - left) >> 1);
        if ((yield* this.compare(pivot, work[middle])) < 0) right = middle;
        else left = middle + 1;
      }
      work.copyWithin(left + 1, left, at);
      work[left] = pivot;
    }
  }

  private lengthAt(n: number): number {
    return (this.runs[n] as Run).length;
  }

  private isInOrder(n: number): boolean {
    return n < 2 || this.lengthAt(n - 2) > this.lengthAt(n - 1) + this.lengthAt(n);
  }

  private smallerSide(n: number): number {
    return n > 0 && this.lengthAt(n - 1) < this.lengthAt(n + 1) ? n - 1 : n;
  }

  /** Merges runs until each is longer than the two after it together. */
  private *collapse(): Steps<void> {
    while (this.runs.length > 1) {
      const n = this.runs.length - 2;
      if (!this.isInOrder(n + 1) || !this.isInOrder(n)) yield* this.mergeAt(this.smallerSide(n));
      else if (this.lengthAt(n) <= this.lengthAt(n + 1)) yield* this.mergeAt(n);
      else return;
    }
  }

  /** Merges the runs `i` and `i + 1`. */
  private *mergeAt(i: number): Steps<void> {
    const { work } = this;
    const a = this.runs[i] as Run;
    const b = this.runs[i + 1] as Run;
    const { base: baseA, length: lengthA } = a;
    const { base: baseB, length: lengthB } = b;
    this.runs.splice(i + 1, 1);
    a.length += b.length;
    const skipped = yield* this.gallopRight(work, work[baseB], baseA, lengthA, 0);
    const restA = lengthA - skipped;
    if (restA === 0) return;
    const restB = yield* this.gallopLeft(work, work[baseA + lengthA - 1], baseB, lengthB, lengthB - 1);
    if (restB === 0) return;
    if (restA <= restB) yield* this.mergeLow(baseA + skipped, restA, baseB, restB);
    else yield* this.mergeHigh(baseA + skipped, restA, baseB, restB);
  }

  /** Where `key` belongs in a sorted range, before those equal to it; searched from `hint` in growing steps. */
  private *gallopLeft(list: unknown[], key: unknown, base: number, length: number, hint: number): Steps<number> {
    const { compare } = this;
    const isBefore = function* (at: number): Steps<boolean> {
      return (yield* compare(list[base + at], key)) < 0;
    };
    return yield* gallop(isBefore, length, hint);
  }

  /** Where `key` belongs in a sorted range, after those equal to it. */
  private *gallopRight(list: unknown[], key: unknown, base: number, length: number, hint: number): Steps<number> {
    const { compare } = this;
    const isBefore = function* (at: number): Steps<boolean> {
      return (yield* compare(key, list[base + at])) >= 0;
    };
    return yield* gallop(isBefore, length, hint);
  }

  /** Merges from the left, with the first run set aside. */
  private *mergeLow(baseA: number, givenA: number, baseB: number, givenB: number): Steps<void> {
    const { work } = this;
    const aside = work.slice(baseA, baseA + givenA);
    let lengthA = givenA;
    let lengthB = givenB;
    let to = baseA;
    let a = 0;
    let b = baseB;
    const takeA = (count: number) => {
      for (let i = 0; i < count; i++) work[to++] = aside[a++];
      lengthA -= count;
    };
    const takeB = (count: number) => {
      work.copyWithin(to, b, b + count);
      to += count;
      b += count;
      lengthB -= count;
    };
    /** What is left of the second run goes before the one element that is left of the first. */
    const isDone = () => {
      if (lengthB === 0) takeA(lengthA);
      else if (lengthA === 1) {
        takeB(lengthB);
        takeA(1);
      } else return lengthA === 0;
      return true;
    };
    takeB(1);
    if (isDone()) return;
    for (;;) {
      let winsA = 0;
      let winsB = 0;
      while (winsA < this.minGallop && winsB < this.minGallop) {
        if ((yield* this.compare(work[b], aside[a])) < 0) {
          takeB(1);
          winsB++;
          winsA = 0;
        } else {
          takeA(1);
          winsA++;
          winsB = 0;
        }
        if (isDone()) return;
      }
      this.minGallop++;
      do {
        this.minGallop = Math.max(1, this.minGallop - 1);
        winsA = yield* this.gallopRight(aside, work[b], a, lengthA, 0);
        takeA(winsA);
        if (winsA > 0 && isDone()) return;
        takeB(1);
        if (isDone()) return;
        winsB = yield* this.gallopLeft(work, aside[a], b, lengthB, 0);
        takeB(winsB);
        if (winsB > 0 && isDone()) return;
        takeA(1);
        if (isDone()) return;
      } while (winsA >= MIN_GALLOP || winsB >= MIN_GALLOP);
      this.minGallop++;
    }
  }

  /** Merges from the right, with the second run set aside. */
  private *mergeHigh(baseA: number, givenA: number, baseB: number, givenB: number): Steps<void> {
    const { work } = this;
    const aside = work.slice(baseB, baseB + givenB);
    let lengthA = givenA;
    let lengthB = givenB;
    // Each is the place after the next element.
    let to = baseB + givenB;
    const takeA = (count: number) => {
      const end = baseA + lengthA;
      work.copyWithin(to - count, end - count, end);
      to -= count;
      lengthA -= count;
    };
    const takeB = (count: number) => {
      for (let i = 0; i < count; i++) work[--to] = aside[--lengthB];
    };
    const isDone = () => {
      if (lengthA === 0) takeB(lengthB);
      else if (lengthB === 1) {
        takeA(lengthA);
        takeB(1);
      } else return lengthB === 0;
      return true;
    };
    takeA(1);
    if (isDone()) return;
    for (;;) {
      let winsA = 0;
      let winsB = 0;
      while (winsA < this.minGallop && winsB < this.minGallop) {
        if ((yield* this.compare(aside[lengthB - 1], work[baseA + lengthA - 1])) < 0) {
          takeA(1);
          winsA++;
          winsB = 0;
        } else {
          takeB(1);
          winsB++;
          winsA = 0;
        }
        if (isDone()) return;
      }
      this.minGallop++;
      do {
        this.minGallop = Math.max(1, this.minGallop - 1);
        winsA = lengthA - (yield* this.gallopRight(work, aside[lengthB - 1], baseA, lengthA, lengthA - 1));
        takeA(winsA);
        if (winsA > 0 && isDone()) return;
        takeB(1);
        if (isDone()) return;
        winsB = lengthB - (yield* this.gallopLeft(aside, work[baseA + lengthA - 1], 0, lengthB, lengthB - 1));
        takeB(winsB);
        if (winsB > 0 && isDone()) return;
        takeA(1);
        if (isDone()) return;
      } while (winsA >= MIN_GALLOP || winsB >= MIN_GALLOP);
      this.minGallop++;
    }
  }
}

/**
 * The number of elements before the key, in a range of which the first so many are: from `hint` in steps that double, then by halving what
 * lies between the last two.
 */
function* gallop(isBefore: (at: number) => Steps<boolean>, length: number, hint: number): Steps<number> {
  let last = 0;
  let offset = 1;
  const forwards = yield* isBefore(hint);
  const most = forwards ? length - hint : hint + 1;
  while (offset < most && (yield* isBefore(forwards ? hint + offset : hint - offset)) === forwards) {
    last = offset;
    offset = offset * 2 + 1;
  }
  offset = Math.min(offset, most);
  let low = forwards ? hint + last + 1 : hint - offset + 1;
  let high = forwards ? hint + offset : hint - last;
  while (low < high) {
    const middle = low + ((high - low) >> 1);
    if (yield* isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return high;
}
