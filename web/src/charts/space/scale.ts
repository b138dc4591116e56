import { extent, logTicks, niceTicks } from './ticks';

export type ScaleKind = 'linear' | 'log';

export interface Scale {
  /** Where a value lies, from -1 to 1. */
  at: (value: number) => number;
  ticks: { value: number; at: number }[];
}

/** What cannot have a logarithm, or only a far one, is drawn where 1 is. */
const LOG_FLOOR = 1;

export function makeScale(values: readonly number[], kind: ScaleKind): Scale {
  return kind === 'log' ? logScale(values) : linearScale(values);
}

function between(low: number, high: number): (value: number) => number {
  const span = high - low || 1;
  return (value) => Math.min(1, Math.max(-1, (2 * (value - low)) / span - 1));
}

function linearScale(values: readonly number[]): Scale {
  const [least, greatest] = extent(values);
  const ticks = niceTicks(Math.min(0, least), greatest);
  const at = between(ticks[0] ?? 0, ticks.at(-1) ?? 1);
  return { at, ticks: ticks.map((value) => ({ value, at: at(value) })) };
}

function logScale(values: readonly number[]): Scale {
  const [least, greatest] = extent(values);
  const ticks = logTicks(Math.max(LOG_FLOOR, least), Math.max(LOG_FLOOR, greatest));
  const log = (value: number): number => Math.log10(Math.max(LOG_FLOOR, value));
  const inLogs = between(log(ticks[0] ?? 1), log(ticks.at(-1) ?? 10));
  const at = (value: number): number => inLogs(log(value));
  return { at, ticks: ticks.map((value) => ({ value, at: at(value) })) };
}
