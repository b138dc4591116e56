import type { Snippet } from 'svelte';

export interface Column<Row> {
  /** Unique in the table; what `sort` names. */
  key: string;
  label: string;
  numeric?: boolean;
  sortable?: boolean;
  help?: string;
  text: (row: Row) => string;
  href?: (row: Row) => string | null;
  /** Instead of the text, where a cell is more than text. */
  cell?: Snippet<[row: Row, column: Column<Row>]>;
}

/** Sort orders are written as in the API: the key, with `-` before it for descending. */
export function sortDirection(sort: string, key: string): 'ascending' | 'descending' | 'none' {
  if (sort === key) return 'ascending';
  return sort === `-${key}` ? 'descending' : 'none';
}

/** Numbers are first sorted from the greatest, texts from A. */
export function nextSort(sort: string, key: string, numeric: boolean): string {
  const direction = sortDirection(sort, key);
  if (direction === 'none') return numeric ? `-${key}` : key;
  return direction === 'ascending' ? `-${key}` : key;
}
