import { getPipeline } from '../../../api/pipeline';
import { ApiError } from '../../../api/problem';
import { startUpdate, type StartUpdate } from '../../../api/updates';
import { navigate } from '../../../router/location.svelte';

export type StartFailure =
  /** Somebody was faster; null if that update has ended since. */
  { kind: 'running'; updateId: string | null } | { kind: 'error'; error: unknown };

export interface Starter {
  readonly isBusy: boolean;
  readonly failure: StartFailure | null;
  start: (request: StartUpdate) => Promise<void>;
}

const CONFLICT = 409;

async function failureOf(error: unknown): Promise<StartFailure> {
  if (!(error instanceof ApiError) || error.status !== CONFLICT) return { kind: 'error', error };
  try {
    return { kind: 'running', updateId: (await getPipeline()).running_update_id };
  } catch {
    return { kind: 'running', updateId: null };
  }
}

/** Starts an update and goes to its page. */
export function createStarter(): Starter {
  let isBusy = $state(false);
  let failure = $state.raw<StartFailure | null>(null);

  async function start(request: StartUpdate): Promise<void> {
    isBusy = true;
    failure = null;
    try {
      const { update_id } = await startUpdate(request);
      navigate(`/pipeline/updates/${encodeURIComponent(update_id)}`);
    } catch (error) {
      failure = await failureOf(error);
    } finally {
      isBusy = false;
    }
  }

  return {
    get isBusy() {
      return isBusy;
    },
    get failure() {
      return failure;
    },
    start,
  };
}
