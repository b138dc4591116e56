import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import DiagnosticView from './DiagnosticView.svelte';

it('shows where, what, the line with carets, and what to do; markup stays text', () => {
  const { container } = render(DiagnosticView, {
    diagnostic: {
      severity: 'error',
      code: 'PARSE_SYNTAX_ERROR',
      message: 'found <b>SELCT</b>',
      hints: ['write SELECT'],
      file: 'a.sql',
      line: 16,
      column: 4,
      end_line: 16,
      end_column: 9,
      snippet: 'AS SELCT',
    },
  });
  expect(screen.getByText('a.sql:16:4')).toBeTruthy();
  expect(container.querySelector('pre')?.textContent).toBe('AS SELCT\n   ^^^^^');
  expect(container.textContent).toContain('found <b>SELCT</b>');
  expect(container.textContent).toContain('write SELECT');
});
