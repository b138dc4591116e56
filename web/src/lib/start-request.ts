import type { StartUpdate } from '../api/updates';

/** What somebody wants an update to do. */
export interface StartChoice {
  scope: 'all' | 'chosen';
  /** Full names; matter in scope `chosen`. */
  datasets: readonly string[];
  /** Rows are removed and made again. */
  fromNothing: boolean;
  parameters: ReadonlyMap<string, string>;
}

/** Only parameters that differ from their defaults are sent. */
export function startRequest(
  choice: StartChoice,
  defaults: ReadonlyMap<string, string>,
): StartUpdate {
  const changed = [...choice.parameters].filter(([name, value]) => defaults.get(name) !== value);
  const request: StartUpdate = {};
  if (choice.scope === 'all') {
    if (choice.fromNothing) request.full_refresh_all = true;
  } else if (choice.fromNothing) {
    request.full_refresh = [...choice.datasets];
  } else {
    request.refresh = [...choice.datasets];
  }
  if (changed.length > 0) request.parameters = Object.fromEntries(changed);
  return request;
}

/** Why the choice cannot be started, in words. */
export function startObstacle({ scope, datasets }: StartChoice): string | null {
  return scope === 'chosen' && datasets.length === 0 ? 'Choose at least one dataset.' : null;
}

/** Parameters that hold a day get a field for dates. */
export function isDateParameter(name: string): boolean {
  return /(^|[._])date$/i.test(name);
}
