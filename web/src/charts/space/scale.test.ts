import { describe, expect, it } from 'vitest';
import { makeScale } from './scale';
import { extent, niceTicks } from './ticks';

describe('a scale', () => {
  it('is linear between round numbers', () => {
    const scale = makeScale([3, 97], 'linear');
    expect(scale.ticks.map(({ value }) => value)).toEqual([0, 50, 100]);
    expect(scale.at(50)).toBe(0);
    expect(scale.at(0)).toBe(-1);
  });
  it('is logarithmic between round numbers, and draws nothing below 1', () => {
    const scale = makeScale([0, 100], 'log');
    expect(scale.ticks.map(({ value }) => value)).toEqual([1, 10, 100]);
    expect(makeScale([12, 45], 'log').ticks.map(({ value }) => value)).toEqual([10, 20, 50]);
    expect(scale.at(-5)).toBe(-1);
    expect(scale.at(10)).toBe(0);
  });
  it('exists for equal values and for none', () => {
    expect(makeScale([7, 7], 'log').at(7)).toBeLessThanOrEqual(1);
    expect(Number.isFinite(makeScale([], 'linear').at(1))).toBe(true);
  });
});

it('finds the extent of very many values', () => {
  expect(extent(Array.from({ length: 300_000 }, (_, i) => i))).toEqual([0, 299_999]);
});

it('chooses ticks of 1, 2 or 5 times a power of ten', () => {
  expect(niceTicks(0, 307)).toEqual([0, 100, 200, 300, 400]);
  expect(niceTicks(0, 0.9)).toEqual([0, 0.5, 1]);
});
