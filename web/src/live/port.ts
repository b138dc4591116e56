import type { ConnectionState, LiveMessage } from './message';

/** From the shared worker to a tab. */
export type ToTab =
  { type: 'state'; state: ConnectionState } | { type: 'message'; message: LiveMessage };

/** From a tab to the shared worker: a worker is not told when a tab goes away. */
export interface ToWorker {
  type: 'leave';
}
