import { expect, it } from 'vitest';
import { flowState } from '../testing/update';
import { axisTicks, layOut } from './timeline';

const START = '2026-05-01T09:00:00.000Z';
const now = Date.parse(START) + 4_000;

it('has round ticks, not many', () => {
  expect(axisTicks(2_100, 8)).toEqual([0, 500, 1_000, 1_500, 2_000]);
  expect(axisTicks(90_000, 8)).toEqual([0, 15_000, 30_000, 45_000, 60_000, 75_000, 90_000]);
  expect(axisTicks(2_100, 3)).toEqual([0, 1_000, 2_000]);
  expect(axisTicks(365 * 86_400_000, 8)).toHaveLength(9);
});

it('lays flows out by their beginning, running ones until now', () => {
  const { bars, absent, length } = layOut(
    [
      flowState('b', { started_at: '2026-05-01T09:00:01.000Z' }),
      flowState('a', { started_at: START, ended_at: '2026-05-01T09:00:01.500Z' }),
      flowState('c'),
    ],
    START,
    null,
    now,
  );
  expect(bars.map(({ flow, from, to, isOpen }) => [flow.name, from, to, isOpen])).toEqual([
    ['a', 0, 1_500, false],
    ['b', 1_000, 4_000, true],
  ]);
  expect(absent.map(({ name }) => name)).toEqual(['c']);
  expect(length).toBe(4_000);
});

it('ends with the update', () => {
  const flows = [flowState('a', { started_at: START })];
  expect(layOut(flows, START, '2026-05-01T09:00:02.000Z', now)).toMatchObject({
    length: 2_000,
    bars: [{ to: 2_000, isOpen: false }],
  });
});
