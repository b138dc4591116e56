import { describe, expect, it } from 'vitest';
import { filterChips, filterOf, toggled } from './segment-filter';

const query = new URLSearchParams(
  'scheme=cluster&cluster=0&cluster=-3&country=EIRE&recency_max=30&monetary_min=12.50&search=12',
);

describe('the filter', () => {
  it('is read from the address', () => {
    expect(filterOf(query)).toEqual({
      cluster: ['0', '-3'],
      country: ['EIRE'],
      recency_max: '30',
      monetary_min: '12.50',
      search: '12',
    });
  });
  it('leaves out what the API would refuse', () => {
    expect(filterOf(new URLSearchParams('recency_min=soon&monetary_max=1.234&search=+'))).toEqual(
      {},
    );
  });
});

it('has a chip for each value, which knows how to remove it', () => {
  const chips = filterChips(filterOf(query));
  expect(chips.map(({ label }) => label)).toEqual([
    'Cluster 0',
    'Outliers by both',
    'EIRE',
    'Recency at most 30 days',
    'Monetary at least £12.50',
    'Number begins with 12',
  ]);
  expect(chips[0]?.without).toEqual({ cluster: ['-3'] });
  expect(chips[4]?.without).toEqual({ monetary_min: null });
});

it('toggles a value of a list', () => {
  expect(toggled(undefined, 'a')).toEqual(['a']);
  expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
});
