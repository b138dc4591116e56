import { expect, it } from 'vitest';
import type { Box, Profile } from '../../api/segments';
import { radarShapes, SHAPES_MAX } from './radar';

function box(median: number): Box {
  return { min: 0, whisker_low: 0, q1: 0, median, q3: 0, whisker_high: 0, max: 0, mean: 0 };
}

function profile(name: string, customers: number, r: number, f: number, m: number): Profile {
  return { name, customers, recency: box(r), frequency: box(f), monetary: box(m) };
}

it('measures medians against the best, and recency the other way round', () => {
  const shapes = radarShapes([profile('a', 1, 200, 2, 100), profile('b', 2, 50, 8, 400)]);
  expect(shapes).toEqual([
    { name: 'a', values: [0, 0.25, 0.25] },
    { name: 'b', values: [0.75, 1, 1] },
  ]);
});

it('shows the largest segments only, in the order they came', () => {
  const many = Array.from({ length: 9 }, (_, i) => profile(String(i), i, 1, 1, 1));
  const names = radarShapes(many).map(({ name }) => name);
  expect(names).toEqual(['3', '4', '5', '6', '7', '8']);
  expect(names).toHaveLength(SHAPES_MAX);
});
