import type { DailyCount } from '../../api/quality';

export interface DatedCount {
  date: string;
  bronze: number;
  silver: number;
}

const DAY = 86_400_000;

export function datedCounts(counts: readonly DailyCount[]): DatedCount[] {
  return counts.flatMap(({ date, bronze, silver }) =>
    date === null ? [] : { date, bronze, silver },
  );
}

/** The Monday of the week. */
function weekOf(date: string): string {
  const day = new Date(date);
  const sinceMonday = (day.getUTCDay() + 6) % 7;
  return new Date(day.getTime() - sinceMonday * DAY).toISOString().slice(0, 10);
}

/** One count for each week, in the order of the days: the mean of the days that have lines. */
export function weeklyMeans(days: readonly DatedCount[]): DatedCount[] {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const weeks = new Map<string, DatedCount[]>();
  for (const day of days) {
    const week = weekOf(day.date);
    weeks.set(week, [...(weeks.get(week) ?? []), day]);
  }
  return [...weeks].map(([date, its]) => ({
    date,
    bronze: mean(its.map(({ bronze }) => bronze)),
    silver: mean(its.map(({ silver }) => silver)),
  }));
}
