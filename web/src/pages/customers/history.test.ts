import { expect, it } from 'vitest';
import { countMoves, historyRows } from './history';

function entry(
  as_of_date: string,
  segment: string,
  cluster: number,
): Parameters<typeof historyRows>[0][number] {
  return { as_of_date, segment, cluster, recency: 1, frequency: 1, monetary: '1.00' };
}

const history = [
  entry('2026-04-01', 'a', 0),
  entry('2026-04-02', 'b', 0),
  entry('2026-04-03', 'b', 1),
];

it('marks what changed since the date before, newest first', () => {
  const rows = historyRows(history);
  expect(rows.map(({ as_of_date }) => as_of_date)).toEqual([
    '2026-04-03',
    '2026-04-02',
    '2026-04-01',
  ]);
  expect(rows.map(({ segmentChanged }) => segmentChanged)).toEqual([false, true, false]);
  expect(rows.map(({ clusterChanged }) => clusterChanged)).toEqual([true, false, false]);
});

it('counts moves', () => {
  expect(countMoves(history)).toEqual({ segment: 1, cluster: 1 });
  expect(countMoves([])).toEqual({ segment: 0, cluster: 0 });
});
