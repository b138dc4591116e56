import { expect, it } from 'vitest';
import type { RuleResult } from '../api/quality';
import { failureTrend, filterRules, sortRules } from './rules';

function rule(
  name: string,
  action: RuleResult['action'],
  passed: number,
  failed: number,
): RuleResult {
  return {
    dataset: 'retail.dlt.silver',
    name,
    action,
    predicate: `${name} IS NOT NULL`,
    passed,
    failed,
    failed_null: 0,
    pass_rate: (100 * passed) / (passed + failed),
    trend: [],
  };
}

const rules = [
  rule('quantity', 'DROP', 90, 10),
  rule('customer', 'WARN', 70, 30),
  rule('date', 'DROP', 100, 0),
];
const names = (list: readonly RuleResult[]): string[] => list.map(({ name }) => name);

it('filters by text, action and violations', () => {
  const none = { search: '', action: '', violatedOnly: false };
  expect(names(filterRules(rules, { ...none, search: ' CUSTOMER is ' }))).toEqual(['customer']);
  expect(names(filterRules(rules, { ...none, action: 'DROP' }))).toEqual(['quantity', 'date']);
  expect(names(filterRules(rules, { ...none, violatedOnly: true }))).toEqual([
    'quantity',
    'customer',
  ]);
});

it('sorts as asked, else keeps the order', () => {
  expect(names(sortRules(rules, '-failed'))).toEqual(['customer', 'quantity', 'date']);
  expect(names(sortRules(rules, 'pass_rate'))).toEqual(['customer', 'quantity', 'date']);
  expect(names(sortRules(rules, ''))).toEqual(['quantity', 'customer', 'date']);
});

it('has a trend in percent', () => {
  const at = { update_id: 'u', at: '2026-05-01T09:00:00Z' };
  expect(
    failureTrend({
      trend: [
        { ...at, passed: 3, failed: 1 },
        { ...at, passed: 0, failed: 0 },
      ],
    }),
  ).toEqual([25, 0]);
});
