/** What rows are copied from: an object with the columns of a result, which is much cheaper than to add one property after the other. */
import type { Field } from './sessions.js';

export interface RowShape {
  readonly names: readonly string[];
  /** A row without values. */
  readonly empty: Readonly<Record<string, null>>;
}

const KEPT = 16;

/** Finds the shape of a result's rows, which is made once for queries that come again and again. */
export function createRowShapes(): (fields: readonly Field[]) => RowShape {
  const latest: RowShape[] = [];
  return (fields) => {
    const known = latest.find((shape) => isOf(shape, fields));
    if (known !== undefined) return known;
    const names = fields.map(({ name }) => name);
    const shape = { names, empty: { ...Object.fromEntries(names.map((name) => [name, null])) } };
    latest.unshift(shape);
    if (latest.length > KEPT) latest.pop();
    return shape;
  };
}

function isOf({ names }: RowShape, fields: readonly Field[]): boolean {
  if (names.length !== fields.length) return false;
  for (let at = 0; at < names.length; at++) {
    if (names[at] !== fields[at]?.name) return false;
  }
  return true;
}
