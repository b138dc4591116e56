import type { PipelineEvent } from '../api/updates';

export const EVENT_LEVELS = ['METRICS', 'INFO', 'WARN', 'ERROR'] as const;
export type EventLevel = PipelineEvent['level'];

export interface EventFilter {
  level: EventLevel;
  flow: string | null;
  search: string;
}

/** Whether the server would list the event for this filter. */
export function passes(event: PipelineEvent, { level, flow, search }: EventFilter): boolean {
  return (
    EVENT_LEVELS.indexOf(event.level) >= EVENT_LEVELS.indexOf(level) &&
    (flow === null || event.flow === flow) &&
    event.message.toLowerCase().includes(search.toLowerCase())
  );
}

/** Events in order, each once, with those that came live. */
export function mergeEvents(
  loaded: readonly PipelineEvent[],
  live: readonly PipelineEvent[],
): PipelineEvent[] {
  const known = new Set(loaded.map(({ id }) => id));
  const added = live.filter(({ id }) => !known.has(id));
  return [...loaded, ...added].sort((a, b) => a.sequence - b.sequence);
}
