import { expect, it } from 'vitest';
import { movementMatrix, movementTotals, type Move } from './movement';

function move(from: string, to: string, customers: number): Move {
  return { from, to, customers, revenue: '0.00' };
}

const moves = [move('(new)', 'b', 3), move('b', 'a', 2), move('a', 'a', 7), move('a', '(gone)', 1)];
const byName = (a: string, b: string): number => a.localeCompare(b);

it('is a matrix whose rows sum to the earlier sizes', () => {
  const { from, to, counts } = movementMatrix(moves, byName);
  expect(from).toEqual(['a', 'b', '(new)']);
  expect(to).toEqual(['a', 'b', '(gone)']);
  expect(counts).toEqual([
    [7, 0, 1],
    [2, 0, 0],
    [0, 3, 0],
  ]);
});

it('tells who stayed, moved, came and left', () => {
  expect(movementTotals(moves)).toEqual({ stayed: 7, moved: 2, came: 3, left: 1 });
});
