import { expect, it } from 'vitest';
import { datedCounts, weeklyMeans } from './weeks';

it('takes the mean of the days of a week that have lines', () => {
  const days = [
    { date: '2026-04-30', bronze: 10, silver: 8 },
    { date: '2026-05-03', bronze: 20, silver: 20 },
    { date: '2026-05-04', bronze: 7, silver: 7 },
  ];
  expect(weeklyMeans(days)).toEqual([
    { date: '2026-04-27', bronze: 15, silver: 14 },
    { date: '2026-05-04', bronze: 7, silver: 7 },
  ]);
});

it('leaves out lines without a date', () => {
  expect(datedCounts([{ date: null, bronze: 1, silver: 0 }])).toEqual([]);
});
