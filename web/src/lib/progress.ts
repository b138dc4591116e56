import type { Update } from '../api/updates';
import { formatCount, formatCounted } from './format';
import { isFinished, UPDATE_LOOKS } from './status';

/** "12 of 23 flows done, 1 flow failed"; empty before flows are known. */
export function progressWords(update: Update): string {
  const failed =
    update.flows_failed === 0 ? '' : `, ${formatCounted(update.flows_failed, 'flow')} failed`;
  if (update.flows_total === 0) return '';
  return `${formatCount(update.flows_done)} of ${formatCounted(update.flows_total, 'flow')} done${failed}`;
}

/** "Running: 12 of 23 flows done." */
export function progressSentence(update: Update): string {
  const state = UPDATE_LOOKS[update.state].text;
  const words = progressWords(update);
  return words === '' ? `${state}.` : `${state}: ${words}.`;
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
