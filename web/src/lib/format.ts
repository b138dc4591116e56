/**
 * All formatting of the dashboard. Money arrives as exact decimal text and stays text: it is grouped
 * and rounded digit by digit, never through a double.
 */

const ABSENT = '–';
const MINUS = '−';

export type Decimal = string;

interface DecimalParts {
  negative: boolean;
  whole: string;
  fraction: string;
}

function splitDecimal(text: Decimal): DecimalParts | null {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) return null;
  return { negative: match[1] === '-', whole: match[2] ?? '0', fraction: match[3] ?? '' };
}

/** The number as a whole count of 10^-digits, rounded half away from zero. */
function scaled({ whole, fraction }: DecimalParts, digits: number): bigint {
  const kept = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  return (fraction[digits] ?? '0') >= '5' ? kept + 1n : kept;
}

function group(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** An exact decimal with thousands separators and a fixed number of decimals. */
export function formatDecimal(text: Decimal | null, digits = 2, prefix = ''): string {
  const parts = text === null ? null : splitDecimal(text);
  if (parts === null) return text ?? ABSENT;
  const count = scaled(parts, digits);
  const all = count.toString().padStart(digits + 1, '0');
  const whole = group(all.slice(0, all.length - digits));
  const sign = parts.negative && count !== 0n ? MINUS : '';
  return sign + prefix + (digits === 0 ? whole : `${whole}.${all.slice(-digits)}`);
}

let currency = '£';

/** Called once, when the session tells the symbol and before any page shows money. */
export function setCurrency(symbol: string): void {
  currency = symbol;
}

export function formatMoney(text: Decimal | null, digits = 2): string {
  return formatDecimal(text, digits, currency);
}

/** Means and medians are doubles, hence no exact decimals. */
export function formatMoneyNumber(value: number | null, digits = 2): string {
  if (value === null || !Number.isFinite(value)) return ABSENT;
  return `${value < 0 ? MINUS : ''}${currency}${formatNumber(Math.abs(value), digits)}`;
}

const MAGNITUDES = [
  { places: 9, suffix: 'bn' },
  { places: 6, suffix: 'm' },
  { places: 3, suffix: 'k' },
] as const;

/** Short money for tiles and axes: £5.36m. */
export function formatMoneyShort(text: Decimal | null): string {
  const parts = text === null ? null : splitDecimal(text);
  if (parts === null) return text ?? ABSENT;
  const whole = parts.whole.replace(/^0+(?=\d)/, '');
  const magnitude = MAGNITUDES.find(({ places }) => whole.length > places);
  if (magnitude === undefined) return formatMoney(text, 0);
  const at = whole.length - magnitude.places;
  const moved = `${parts.negative ? '-' : ''}${whole.slice(0, at)}.${whole.slice(at)}`;
  return formatMoney(moved, at >= 3 ? 0 : at === 2 ? 1 : 2) + magnitude.suffix;
}

/** For positions on charts only: text shown to people comes from the decimal itself. */
export function approximate(text: Decimal | null): number {
  return text === null ? NaN : Number(text);
}

const COUNT = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

function withMinus(text: string): string {
  return text.replace('-', MINUS);
}

export function formatCount(value: number | null): string {
  return value === null || !Number.isFinite(value) ? ABSENT : withMinus(COUNT.format(value));
}

export function formatNumber(value: number | null, digits = 2): string {
  if (value === null || !Number.isFinite(value)) return ABSENT;
  const format = new Intl.NumberFormat('en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return withMinus(format.format(value));
}

/** At most one decimal, for medians and means of counts: "157", "1.5". */
export function formatTenths(value: number | null): string {
  return formatNumber(value, 1).replace(/\.0$/, '');
}

/** "1 customer", "3,291 customers", "1.5 orders". */
export function formatCounted(value: number, one: string, many = `${one}s`): string {
  const text = formatTenths(value);
  return `${text} ${text === '1' ? one : many}`;
}

const COMPACT = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });
const COMPACT_TENTHS = new Intl.NumberFormat('en-GB', {
  notation: 'compact',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

function compact(format: Intl.NumberFormat, value: number): string {
  return withMinus(format.format(value)).replace('K', 'k').replace('M', 'm').replace('B', 'bn');
}

/** Short number for axes: 12.3k. */
export function formatCompact(value: number): string {
  return compact(COMPACT, value);
}

/** Short money for axes, of a number: £500, £1k, £1.5k. */
export function formatMoneyCompact(value: number): string {
  return moneyCompact(COMPACT, value);
}

/** Short money for cells that are compared, of a number: £500, £1.0k, £1.5k. */
export function formatMoneyTenths(value: number): string {
  return moneyCompact(COMPACT_TENTHS, value);
}

function moneyCompact(format: Intl.NumberFormat, value: number): string {
  const size = Math.abs(value);
  const text = size < 999.5 ? formatNumber(size, 0) : compact(format, size);
  return (value < 0 ? MINUS : '') + currency + text;
}

/** `percent` is already in percent: 21.15 gives "21.2%". */
export function formatPercent(percent: number | Decimal | null, digits = 1): string {
  if (percent === null) return ABSENT;
  if (typeof percent === 'string') return `${formatDecimal(percent, digits)}%`;
  return Number.isFinite(percent) ? `${formatNumber(percent, digits)}%` : ABSENT;
}

/** Percent of what held: 99.9994 is "99.9994%", as 100% would say that all did. */
export function formatPassRate(percent: number | null): string {
  for (let digits = 2; digits < 6 && percent !== null && percent < 100; digits += 1) {
    const text = formatPercent(percent, digits);
    if (text !== formatPercent(100, digits)) return text;
  }
  return formatPercent(percent, percent === 100 ? 0 : 6);
}

/** Percent of what did not hold: the least that is shown says that there was something. */
export function formatFailureRate(percent: number | null): string {
  const least = 0.01;
  if (percent !== null && percent > 0 && percent < least) return `< ${formatPercent(least, 2)}`;
  return formatPercent(percent, percent === 0 ? 0 : 2);
}

export function formatShare(part: number, whole: number, digits = 1): string {
  return whole === 0 ? ABSENT : formatPercent((100 * part) / whole, digits);
}

const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const MONTH = new Intl.DateTimeFormat('en-GB', {
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
});

function timeOf(text: string | null): Date | null {
  if (text === null) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** A calendar date or the UTC date of an instant: "1 May 2026". */
export function formatDate(text: string | null): string {
  const date = timeOf(text);
  return date === null ? (text ?? ABSENT) : DAY.format(date);
}

/** "May 2026", of a date or of a month such as "2026-05". */
export function formatMonth(text: string | null): string {
  const date = timeOf(text);
  return date === null ? (text ?? ABSENT) : MONTH.format(date);
}

/** "1 May 2026, 09:00:12 UTC": the pipeline's days are UTC days, so its times are shown in UTC. */
export function formatInstant(text: string | null): string {
  const date = timeOf(text);
  return date === null ? (text ?? ABSENT) : `${DAY.format(date)}, ${CLOCK.format(date)} UTC`;
}

export function formatClock(text: string | null): string {
  const date = timeOf(text);
  return date === null ? (text ?? ABSENT) : CLOCK.format(date);
}

/** "85 ms", "4.2 s", "3 min 05 s", "2 h 10 min". */
export function formatDuration(milliseconds: number | null): string {
  if (milliseconds === null || !Number.isFinite(milliseconds)) return ABSENT;
  if (milliseconds < 1000) return `${formatCount(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${formatNumber(seconds, 1)} s`;
  const minutes = Math.floor(seconds / 60);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return ABSENT;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatNumber(value, unit === 0 || value >= 99.95 ? 0 : 1)} ${BYTE_UNITS[unit] ?? ''}`;
}

const AGES = [
  { unit: 'day', milliseconds: 86_400_000 },
  { unit: 'hour', milliseconds: 3_600_000 },
  { unit: 'minute', milliseconds: 60_000 },
] as const;
const RELATIVE = new Intl.RelativeTimeFormat('en-GB', { numeric: 'always' });

/** "3 hours ago", "in 2 days", "just now". */
export function formatRelative(text: string | null, now: number = Date.now()): string {
  const date = timeOf(text);
  if (date === null) return text ?? ABSENT;
  const difference = date.getTime() - now;
  const age = AGES.find(({ milliseconds }) => Math.abs(difference) >= milliseconds);
  if (age === undefined) return 'just now';
  return RELATIVE.format(Math.trunc(difference / age.milliseconds), age.unit);
}

/** A value of any column of a table, as text. */
export function formatCell(value: unknown): string {
  if (value === null || value === undefined) return ABSENT;
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value as string | number | boolean | bigint);
}
