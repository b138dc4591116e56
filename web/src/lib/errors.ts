import { UnexpectedResponse } from '../api/decode';
import { ApiError, ServerAway, type Diagnostic } from '../api/problem';

export interface ExplainedError {
  detail: string;
  hints: readonly string[];
  diagnostics: readonly Diagnostic[];
  code: string | null;
}

/** An error in sentences for a person. */
export function explainError(error: unknown): ExplainedError {
  if (error instanceof ApiError) {
    return {
      detail: error.detail,
      hints: error.hints,
      diagnostics: error.diagnostics,
      code: error.code,
    };
  }
  return { detail: sentence(error), hints: hints(error), diagnostics: [], code: null };
}

function sentence(error: unknown): string {
  if (error instanceof ServerAway)
    return 'The server does not answer. It is asked again by itself.';
  return error instanceof Error ? error.message : String(error);
}

function hints(error: unknown): readonly string[] {
  if (error instanceof ServerAway) return ['Start it with: medallion serve'];
  if (error instanceof UnexpectedResponse) {
    return ['The page and the server may be of different versions: reload the page.'];
  }
  return [];
}
