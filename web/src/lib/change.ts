import { approximate, type Decimal } from './format';

/** In percent of what was before; null if that is nothing. */
export function changePercent(now: number, before: number): number | null {
  return before === 0 || !Number.isFinite(now / before) ? null : 100 * (now / before - 1);
}

/** Of exact amounts; the percentage itself need not be exact. */
export function moneyChangePercent(now: Decimal | null, before: Decimal | null): number | null {
  return changePercent(approximate(now), approximate(before));
}
