import type { FlowStatus, UpdateState } from '../api/updates';
import type { IconName } from '../ui/icons/icons';

/** How a state looks: words, an icon and a tone, so that colour is never the only sign. */
export interface StatusLook {
  text: string;
  tone: 'good' | 'warn' | 'bad' | 'info' | 'plain';
  icon: IconName;
}

const waiting = (text: string): StatusLook => ({ text, tone: 'plain', icon: 'clock' });
const working = (text: string): StatusLook => ({ text, tone: 'info', icon: 'play' });

export const UPDATE_LOOKS: Readonly<Record<UpdateState, StatusLook>> = {
  QUEUED: waiting('Queued'),
  CREATED: waiting('Created'),
  WAITING_FOR_RESOURCES: waiting('Waiting for resources'),
  INITIALIZING: working('Initializing'),
  RESETTING: working('Resetting'),
  SETTING_UP_TABLES: working('Setting up tables'),
  RUNNING: working('Running'),
  STOPPING: { text: 'Stopping', tone: 'warn', icon: 'stop' },
  COMPLETED: { text: 'Completed', tone: 'good', icon: 'check' },
  FAILED: { text: 'Failed', tone: 'bad', icon: 'cross' },
  CANCELED: { text: 'Canceled', tone: 'warn', icon: 'stop' },
};

export const FLOW_LOOKS: Readonly<Record<FlowStatus, StatusLook>> = {
  QUEUED: waiting('Queued'),
  PLANNING: working('Planning'),
  STARTING: working('Starting'),
  RUNNING: working('Running'),
  IDLE: { text: 'Nothing new', tone: 'plain', icon: 'pause' },
  COMPLETED: { text: 'Completed', tone: 'good', icon: 'check' },
  FAILED: { text: 'Failed', tone: 'bad', icon: 'cross' },
  SKIPPED: { text: 'Skipped', tone: 'plain', icon: 'skip' },
  STOPPED: { text: 'Stopped', tone: 'warn', icon: 'stop' },
  EXCLUDED: { text: 'Excluded', tone: 'plain', icon: 'level' },
};

const FINISHED: ReadonlySet<UpdateState> = new Set(['COMPLETED', 'FAILED', 'CANCELED']);

export function isFinished(state: UpdateState): boolean {
  return FINISHED.has(state);
}

/** Whether the flow does something now: it says that it is running once its first batch is written. */
export function isAtWork(status: FlowStatus): boolean {
  return status === 'STARTING' || status === 'RUNNING';
}

const CAUSES: ReadonlyMap<string, string> = new Map([
  ['USER_ACTION', 'from a terminal'],
  ['API_CALL', 'from a browser'],
  ['SCHEDULE', 'by schedule'],
]);

/** "from a terminal", for the words "Started …". */
export function causeWords(cause: string): string {
  return CAUSES.get(cause) ?? cause;
}
