/** The least and the greatest of many values; `Math.min(...values)` overflows the stack. */
export function extent(values: readonly number[]): [number, number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return least > greatest ? [0, 1] : [least, greatest];
}

const TICKS_ABOUT = 4;

/** Round numbers from below `low` to above `high`. */
export function niceTicks(low: number, high: number): number[] {
  const rough = (high - low || 1) / TICKS_ABOUT;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((one) => one * magnitude >= rough) ?? 10) * magnitude;
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** 1, 2 or 5 times powers of ten from below `low` to above `high`, fewer if that makes many. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const all = Array.from({ length: last - first + 2 }, (_, index) => 10 ** (first + index)).flatMap(
    (power) => [power, 2 * power, 5 * power],
  );
  const from = all.findLastIndex((tick) => tick <= low * (1 + 1e-9));
  const to = all.findIndex((tick, index) => index > from && tick >= high * (1 - 1e-9));
  const inside = all.slice(Math.max(0, from), to + 1);
  const ends = [inside[0], inside.at(-1)];
  return inside.length <= TICKS_ABOUT + 2
    ? inside
    : inside.filter((tick) => ends.includes(tick) || Number.isInteger(Math.log10(tick)));
}
