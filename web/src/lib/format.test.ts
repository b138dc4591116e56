import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCell,
  formatCount,
  formatCounted,
  formatDate,
  formatDecimal,
  formatDuration,
  formatInstant,
  formatMoney,
  formatMoneyCompact,
  formatMoneyNumber,
  formatMoneyShort,
  formatMoneyTenths,
  formatFailureRate,
  formatPassRate,
  formatPercent,
  formatRelative,
  formatShare,
  formatTenths,
  setCurrency,
} from './format';

describe('money', () => {
  it('is grouped without passing through a double', () => {
    expect(formatMoney('6271359.06')).toBe('£6,271,359.06');
    expect(formatMoney('12345678901234567890.12')).toBe('£12,345,678,901,234,567,890.12');
  });
  it('rounds half away from zero and carries', () => {
    expect(formatMoney('999.995')).toBe('£1,000.00');
    expect(formatMoney('-0.005')).toBe('−£0.01');
    expect(formatMoney('-0.001')).toBe('£0.00');
  });
  it('has the symbol of the session', () => {
    setCurrency('€');
    expect(formatMoney('5', 0)).toBe('€5');
    setCurrency('£');
  });
  it('may be a mean, which is a number', () => {
    expect(formatMoneyNumber(-1646.037)).toBe('−£1,646.04');
  });
  it('is shortened by magnitude', () => {
    expect(formatMoneyShort('5358039.45')).toBe('£5.36m');
    expect(formatMoneyShort('-169360.00')).toBe('−£169k');
    expect(formatMoneyShort('16936.00')).toBe('£16.9k');
    expect(formatMoneyShort('169.36')).toBe('£169');
  });
  it('is as short on axes and in cells, where all have as many decimals', () => {
    expect([500, 1000, 1540].map(formatMoneyCompact)).toEqual(['£500', '£1k', '£1.5k']);
    expect([500, 1000, -1540].map(formatMoneyTenths)).toEqual(['£500', '£1.0k', '−£1.5k']);
  });
  it('shows text that is no decimal as it is', () => {
    expect(formatMoney('n/a')).toBe('n/a');
    expect(formatMoney(null)).toBe('–');
  });
});

describe('numbers', () => {
  it('are grouped', () => {
    expect(formatCount(3291)).toBe('3,291');
    expect(formatCount(-3291)).toBe('−3,291');
    expect(formatDecimal('1234.5', 0)).toBe('1,235');
    expect(formatCounted(1, 'customer')).toBe('1 customer');
    expect(formatCounted(2, 'country', 'countries')).toBe('2 countries');
    expect(formatCounted(1.5, 'order')).toBe('1.5 orders');
  });
  it('have one decimal at most if they are medians', () => {
    expect([157, 1.5, 0.96].map(formatTenths)).toEqual(['157', '1.5', '1']);
    expect(formatTenths(null)).toBe('–');
  });
  it('have percentages of numbers and of exact text', () => {
    expect(formatPercent(21.149)).toBe('21.1%');
    expect(formatPercent('21.15')).toBe('21.2%');
    expect(formatShare(1, 8)).toBe('12.5%');
    expect(formatShare(1, 0)).toBe('–');
  });
  it('have sizes in decimal units', () => {
    expect(formatBytes(512)).toBe('512 B');
    expect(formatBytes(111282)).toBe('111 kB');
    expect(formatBytes(4497809)).toBe('4.5 MB');
    expect(formatBytes(999_999)).toBe('1.0 MB');
  });
});

describe('times', () => {
  it('are UTC', () => {
    expect(formatDate('2026-05-01')).toBe('1 May 2026');
    expect(formatInstant('2026-05-01T09:00:12.25Z')).toBe('1 May 2026, 09:00:12 UTC');
    expect(formatDate('soon')).toBe('soon');
  });
  it('have durations in the largest useful unit', () => {
    expect(formatDuration(85)).toBe('85 ms');
    expect(formatDuration(4210)).toBe('4.2 s');
    expect(formatDuration(185_000)).toBe('3 min 05 s');
    expect(formatDuration(7_800_000)).toBe('2 h 10 min');
  });
  it('are told relative to now', () => {
    const now = Date.parse('2026-05-01T12:00:00Z');
    expect(formatRelative('2026-05-01T09:00:00Z', now)).toBe('3 hours ago');
    expect(formatRelative('2026-05-03T12:00:00Z', now)).toBe('in 2 days');
    expect(formatRelative('2026-05-01T11:59:30Z', now)).toBe('just now');
  });
});

it('shows any cell as text', () => {
  expect(formatCell(null)).toBe('–');
  expect(formatCell(false)).toBe('false');
  expect(formatCell({ a: 1 })).toBe('{"a":1}');
});

it('says 100% only if all held', () => {
  expect(formatPassRate(100)).toBe('100%');
  expect(formatPassRate(97.384)).toBe('97.38%');
  expect(formatPassRate(99.99938)).toBe('99.999%');
  expect(formatPassRate(99.99996)).toBe('99.99996%');
  expect(formatPassRate(null)).toBe('–');
});

it('says 0% only if nothing failed', () => {
  expect(formatFailureRate(0)).toBe('0%');
  expect(formatFailureRate(2.615)).toBe('2.62%');
  expect(formatFailureRate(0.0006)).toBe('< 0.01%');
  expect(formatFailureRate(null)).toBe('–');
});
