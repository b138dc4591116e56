import type { FlowState } from '../api/updates';

/** A flow on the time axis; times in milliseconds since the update began. */
export interface TimelineBar {
  flow: FlowState;
  from: number;
  to: number;
  isOpen: boolean;
}

export interface Timeline {
  bars: TimelineBar[];
  /** Flows that did not run. */
  absent: FlowState[];
  length: number;
}

/** Round steps: 1, 2 or 5 times a power of ten up to seconds, then parts of minutes and hours. */
const STEPS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 28_800_000, 86_400_000,
];

/** From 0 to `length`, in at most `most` steps. */
export function axisTicks(length: number, most: number): number[] {
  const step = STEPS.find((one) => length / one <= most) ?? length / most;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}

/** In order of their beginning; flows that still run reach to `now`. */
export function layOut(
  flows: readonly FlowState[],
  startedAt: string,
  endedAt: string | null,
  now: number,
): Timeline {
  const zero = Date.parse(startedAt);
  const bars: TimelineBar[] = [];
  const absent: FlowState[] = [];
  for (const flow of flows) {
    if (flow.started_at === null) {
      absent.push(flow);
      continue;
    }
    const from = Math.max(0, Date.parse(flow.started_at) - zero);
    const isOpen = flow.ended_at === null && endedAt === null;
    const end = flow.ended_at ?? endedAt;
    bars.push({
      flow,
      from,
      to: Math.max(from, (end === null ? now : Date.parse(end)) - zero),
      isOpen,
    });
  }
  bars.sort((a, b) => a.from - b.from);
  const whole = (endedAt === null ? now : Date.parse(endedAt)) - zero;
  const length = Math.max(1, whole, ...bars.map(({ to }) => to));
  return { bars, absent, length };
}
