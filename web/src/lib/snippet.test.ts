import { expect, it } from 'vitest';
import { markSnippet } from './snippet';

const place = { line: 3, column: null, end_line: null, end_column: null };

it('puts carets under the part that is meant', () => {
  const snippet = '  SELECT Monetry FROM t';
  expect(markSnippet({ ...place, snippet, column: 10, end_line: 3, end_column: 17 })?.carets).toBe(
    '         ^^^^^^^',
  );
  expect(markSnippet({ ...place, snippet, column: 10 })?.carets).toBe('         ^');
});

it('keeps tabs, counts characters rather than code units, and marks to the end of the line', () => {
  expect(markSnippet({ ...place, snippet: '\t😀x', column: 3 })?.carets).toBe('\t ^');
  expect(markSnippet({ ...place, snippet: 'abc', column: 2, end_line: 4, end_column: 1 })).toEqual({
    text: 'abc',
    carets: ' ^^',
  });
});

it('has nothing to mark without a place', () => {
  expect(markSnippet({ ...place, snippet: 'abc' })).toBeNull();
  expect(markSnippet({ ...place, snippet: null, column: 1 })).toBeNull();
});
