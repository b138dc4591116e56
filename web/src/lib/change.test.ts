import { expect, it } from 'vitest';
import { changePercent, moneyChangePercent } from './change';

it('is told in percent of what was before', () => {
  expect(changePercent(110, 100)).toBeCloseTo(10);
  expect(moneyChangePercent('792941.24', '769963.74')).toBeCloseTo(2.98, 2);
});

it('does not exist without something before', () => {
  expect(changePercent(5, 0)).toBeNull();
  expect(moneyChangePercent('5.00', null)).toBeNull();
});
