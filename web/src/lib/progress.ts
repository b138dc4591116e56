import type { Update } from '../api/updates';
import { formatCount, formatCounted } from './format';
import { isFinished, UPDATE_LOOKS } from './status';

/** "Running: 12 of 23 flows done." */
export function progressSentence(update: Update): string {
  const state = UPDATE_LOOKS[update.state].text;
  const failed =
    update.flows_failed === 0 ? '' : `, ${formatCounted(update.flows_failed, 'flow')} failed`;
  if (update.flows_total === 0) return `${state}.`;
  return `${state}: ${formatCount(update.flows_done)} of ${formatCounted(update.flows_total, 'flow')} done${failed}.`;
}

/** "all 23 flows", "3 datasets", "everything, from nothing": what an update was asked to do. */
export function scopeWords(
  update: Pick<Update, 'full_refresh' | 'refresh_selection' | 'full_refresh_selection'>,
): string {
  if (update.full_refresh) return 'Everything, from nothing';
  const parts: string[] = [];
  const { refresh_selection: refresh, full_refresh_selection: full } = update;
  if (refresh.length > 0) parts.push(formatCounted(refresh.length, 'dataset'));
  if (full.length > 0) parts.push(`${formatCounted(full.length, 'dataset')} from nothing`);
  return parts.length === 0 ? 'All that is new' : parts.join(', ');
}

/** States in which an update can be asked to stop. */
export function canStop({ state }: Pick<Update, 'state'>): boolean {
  return !isFinished(state) && state !== 'STOPPING';
}
