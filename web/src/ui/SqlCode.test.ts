import { render } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import SqlCode from './SqlCode.svelte';

it('shows the text of the SQL and nothing else, whatever it holds', () => {
  const sql = "SELECT '<img src=x>' -- <script>\nFROM t";
  const { container } = render(SqlCode, { label: 'SQL of t', sql, firstLine: 12 });
  expect(container.querySelector('pre')?.textContent).toBe(`${sql}\n`);
  expect(container.querySelector('img, script')).toBeNull();
});
