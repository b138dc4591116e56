export interface KScore {
  k: number;
  combined: number | null;
}

/** k stays as it was unless another is this much ahead, three updates in a row. */
const CLOSE = 0.02;

export interface KChoice {
  chosen: number;
  score: number;
  runnerUp: { k: number; score: number } | null;
  /** The runner-up is as good as the chosen one, for all that matters. */
  wasClose: boolean;
}

/** Null without a search: k was given. */
export function explainChoice(chosen: number, search: readonly KScore[]): KChoice | null {
  const score = search.find(({ k }) => k === chosen)?.combined ?? null;
  if (score === null) return null;
  let runnerUp: KChoice['runnerUp'] = null;
  for (const { k, combined } of search) {
    if (k === chosen || combined === null) continue;
    if (runnerUp === null || combined > runnerUp.score) runnerUp = { k, score: combined };
  }
  const wasClose = runnerUp !== null && Math.abs(score - runnerUp.score) < CLOSE;
  return { chosen, score, runnerUp, wasClose };
}
