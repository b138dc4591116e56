import type { CustomerFilter } from '../api/segments';
import { formatCount, formatMoney } from './format';
import { segmentLabel } from './segments';

/** The filter of the segment and customer pages, as it stands in the address. */

const LIST_FILTERS = [
  'segment',
  'score_segment',
  'cluster',
  'country',
  'r_score',
  'f_score',
  'm_score',
] as const;
export type ListFilter = (typeof LIST_FILTERS)[number];

export const RANGED = ['recency', 'frequency', 'monetary'] as const;
export type Ranged = (typeof RANGED)[number];
type RangeFilter = `${Ranged}_${'min' | 'max'}`;

const RANGE_FILTERS: readonly RangeFilter[] = RANGED.flatMap((name): RangeFilter[] => [
  `${name}_min`,
  `${name}_max`,
]);

const FILTER_NAMES: readonly string[] = [...LIST_FILTERS, ...RANGE_FILTERS, 'search'];

const WHOLE = /^\d{1,9}$/;
const AMOUNT = /^-?\d{1,15}(\.\d{1,2})?$/;

/** Whether the API would take `text` as the bound of a range. */
export function isBound(name: Ranged, text: string): boolean {
  return (name === 'monetary' ? AMOUNT : WHOLE).test(text);
}

/** What the address asks for; what the API would refuse is left out. */
export function filterOf(query: URLSearchParams): CustomerFilter {
  const filter: CustomerFilter = {};
  for (const name of LIST_FILTERS) {
    const chosen = query.getAll(name);
    if (chosen.length > 0) filter[name] = chosen;
  }
  for (const name of RANGED) {
    for (const end of ['min', 'max'] as const) {
      const bound = query.get(`${name}_${end}`);
      if (bound !== null && isBound(name, bound)) filter[`${name}_${end}`] = bound;
    }
  }
  const search = query.get('search')?.trim() ?? '';
  if (search !== '') filter.search = search;
  return filter;
}

/** A change of the address that removes all filters. */
export function noFilter(): Record<string, null> {
  return Object.fromEntries(FILTER_NAMES.map((name) => [name, null]));
}

export interface FilterChip {
  id: string;
  label: string;
  /** The change of the address that removes it. */
  without: Record<string, readonly string[] | null>;
}

const SCORE_WORDS = {
  r_score: 'Recency score',
  f_score: 'Frequency score',
  m_score: 'Monetary score',
};

function listLabel(name: ListFilter, value: string): string {
  if (name === 'cluster') return segmentLabel('cluster', value);
  if (name === 'r_score' || name === 'f_score' || name === 'm_score') {
    return `${SCORE_WORDS[name]} ${value}`;
  }
  return value;
}

const RANGE_WORDS = { recency: 'Recency', frequency: 'Frequency', monetary: 'Monetary' } as const;

function bound(name: Ranged, value: string): string {
  if (name === 'monetary') return formatMoney(value);
  return name === 'recency' ? `${formatCount(Number(value))} days` : formatCount(Number(value));
}

/** One chip for each value that is filtered by. */
export function filterChips(filter: CustomerFilter): FilterChip[] {
  const lists = LIST_FILTERS.flatMap((name) => {
    const chosen = filter[name] ?? [];
    return chosen.map((value) => ({
      id: `${name}=${value}`,
      label: listLabel(name, value),
      without: { [name]: chosen.filter((one) => one !== value) },
    }));
  });
  const ranges = RANGED.flatMap((name) =>
    (['min', 'max'] as const).flatMap((end) => {
      const value = filter[`${name}_${end}`];
      if (value === undefined) return [];
      const words = end === 'min' ? 'at least' : 'at most';
      const label = `${RANGE_WORDS[name]} ${words} ${bound(name, value)}`;
      return [{ id: `${name}_${end}`, label, without: { [`${name}_${end}`]: null } }];
    }),
  );
  if (filter.search === undefined) return [...lists, ...ranges];
  const search = { id: 'search', label: `Number begins with ${filter.search}` };
  return [...lists, ...ranges, { ...search, without: { search: null } }];
}

/** `chosen` with `value` in it, or without it if it was there. */
export function toggled(chosen: readonly string[] | undefined, value: string): string[] {
  const list = chosen ?? [];
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}
