/** Filters on rows as the API writes them: `column:operator:value`. */

export const OPERATORS = [
  { value: 'eq', label: 'equals', sign: '=' },
  { value: 'ne', label: 'differs from', sign: '≠' },
  { value: 'lt', label: 'is less than', sign: '<' },
  { value: 'le', label: 'is at most', sign: '≤' },
  { value: 'gt', label: 'is more than', sign: '>' },
  { value: 'ge', label: 'is at least', sign: '≥' },
  { value: 'contains', label: 'contains', sign: 'contains' },
  { value: 'null', label: 'is NULL', sign: 'is NULL' },
  { value: 'notnull', label: 'is not NULL', sign: 'is not NULL' },
] as const;
export type Operator = (typeof OPERATORS)[number]['value'];

export interface RowFilter {
  column: string;
  operator: Operator;
  /** Empty for operators that take none. */
  value: string;
}

export function takesValue(operator: Operator): boolean {
  return operator !== 'null' && operator !== 'notnull';
}

export function writeFilter({ column, operator, value }: RowFilter): string {
  return takesValue(operator) ? `${column}:${operator}:${value}` : `${column}:${operator}`;
}

const SHAPE = new RegExp(
  `^(.+?):(${OPERATORS.map(({ value }) => value).join('|')})(?::(.*))?$`,
  's',
);

/** Null if it is no filter: addresses are written by people too. */
export function readFilter(text: string): RowFilter | null {
  const [, column, name, value = ''] = SHAPE.exec(text) ?? [];
  const operator = OPERATORS.find((one) => one.value === name)?.value;
  if (column === undefined || operator === undefined) return null;
  return { column, operator, value: takesValue(operator) ? value : '' };
}

export function filterLabel({ column, operator, value }: RowFilter): string {
  const sign = OPERATORS.find((one) => one.value === operator)?.sign ?? operator;
  return takesValue(operator) ? `${column} ${sign} ${value}` : `${column} ${sign}`;
}
