import type { RuleAction } from '../api/pipeline';
import type { RuleResult } from '../api/quality';

/** What happens to a row that breaks the rule. */
export const ACTION_WORDS: Readonly<Record<RuleAction, string>> = {
  WARN: 'Counted',
  DROP: 'Row dropped',
  FAIL: 'Update fails',
};

export interface RuleFilter {
  search: string;
  action: string;
  violatedOnly: boolean;
}

export function filterRules(rules: readonly RuleResult[], filter: RuleFilter): RuleResult[] {
  const search = filter.search.trim().toLowerCase();
  return rules.filter(
    ({ dataset, name, predicate, action, failed }) =>
      (filter.action === '' || action === filter.action) &&
      (!filter.violatedOnly || failed > 0) &&
      `${dataset} ${name} ${predicate ?? ''}`.toLowerCase().includes(search),
  );
}

type Compare = (a: RuleResult, b: RuleResult) => number;

const ORDERS: ReadonlyMap<string, Compare> = new Map<string, Compare>([
  ['name', (a, b) => a.name.localeCompare(b.name)],
  ['dataset', (a, b) => a.dataset.localeCompare(b.dataset)],
  ['action', (a, b) => a.action.localeCompare(b.action)],
  ['pass_rate', (a, b) => (a.pass_rate ?? 101) - (b.pass_rate ?? 101)],
  ['passed', (a, b) => a.passed - b.passed],
  ['failed', (a, b) => a.failed - b.failed],
  ['failed_null', (a, b) => a.failed_null - b.failed_null],
]);

/** `sort` as in the API: `-` before it for descending. Unknown orders keep the pipeline's. */
export function sortRules(rules: readonly RuleResult[], sort: string): RuleResult[] {
  const descending = sort.startsWith('-');
  const compare = ORDERS.get(descending ? sort.slice(1) : sort);
  if (compare === undefined) return [...rules];
  return [...rules].sort((a, b) => (descending ? -compare(a, b) : compare(a, b)));
}

/** Share of the rows that broke the rule, in percent, per update. */
export function failureTrend({ trend }: Pick<RuleResult, 'trend'>): number[] {
  return trend.map(({ passed, failed }) =>
    passed + failed === 0 ? 0 : (100 * failed) / (passed + failed),
  );
}
