import type { SegmentMovement } from '../../api/segments';

export type Move = SegmentMovement['moves'][number];

export const NEW = '(new)';
export const GONE = '(gone)';

export interface Matrix {
  from: string[];
  to: string[];
  /** Customers by row (from) and column (to). */
  counts: number[][];
}

/** Every segment of both dates; names without a segment come last. */
export function movementMatrix(
  moves: readonly Move[],
  compare: (a: string, b: string) => number,
): Matrix {
  const ordered = (names: Iterable<string>, last: string): string[] =>
    [...new Set(names)].sort((a, b) => Number(a === last) - Number(b === last) || compare(a, b));
  const from = ordered(
    moves.map((move) => move.from),
    NEW,
  );
  const to = ordered(
    moves.map((move) => move.to),
    GONE,
  );
  const counts = from.map(() => to.map(() => 0));
  for (const move of moves) {
    const row = counts[from.indexOf(move.from)];
    const column = to.indexOf(move.to);
    if (row !== undefined) row[column] = (row[column] ?? 0) + move.customers;
  }
  return { from, to, counts };
}

export interface MovementTotals {
  stayed: number;
  moved: number;
  came: number;
  left: number;
}

export function movementTotals(moves: readonly Move[]): MovementTotals {
  const totals = { stayed: 0, moved: 0, came: 0, left: 0 };
  for (const { from, to, customers } of moves) {
    if (from === NEW) totals.came += customers;
    else if (to === GONE) totals.left += customers;
    else if (from === to) totals.stayed += customers;
    else totals.moved += customers;
  }
  return totals;
}
