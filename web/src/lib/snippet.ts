import type { Diagnostic } from '../api/problem';

/** A line of source with the marked part: the caret of a diagnostic. */
export interface MarkedLine {
  text: string;
  /** Under the line: blanks (tabs as in the line), then one caret per character meant. */
  carets: string;
}

/** Null without a snippet or a place in it. Columns count characters from 1. */
export function markSnippet(
  diagnostic: Pick<Diagnostic, 'snippet' | 'line' | 'column' | 'end_line' | 'end_column'>,
): MarkedLine | null {
  const { snippet, column } = diagnostic;
  if (snippet === null || column === null) return null;
  const text = snippet.split('\n')[0] ?? '';
  const characters = [...text];
  const start = Math.min(Math.max(0, column - 1), characters.length);
  const blanks = characters.slice(0, start).map((one) => (one === '\t' ? '\t' : ' '));
  const count = Math.max(1, endOf(diagnostic, characters.length) - start);
  return { text, carets: blanks.join('') + '^'.repeat(count) };
}

function endOf(
  { line, column, end_line, end_column }: Omit<Parameters<typeof markSnippet>[0], 'snippet'>,
  length: number,
): number {
  if (end_line !== null && line !== null && end_line > line) return length;
  return end_column === null ? (column ?? 1) : Math.min(end_column - 1, length);
}
