import { describe, expect, it } from 'vitest';
import tokens from '../styles/tokens.css?raw';
import {
  CATEGORY_COUNT,
  compareSegments,
  segmentLabel,
  segmentShortLabel,
  segmentStyle,
} from './segments';

/** The light and the dark value of each colour of tokens.css. */
const colours = new Map(
  [...tokens.matchAll(/(--[\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g)].map((match) => [
    match[1] ?? '',
    [match[2] ?? '', match[3] ?? ''] as const,
  ]),
);

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const RULE_SEGMENTS = ['High Value', 'Growing Value', 'Base Value'].flatMap((tier) =>
  ['Active & Engaged', 'At Risk', 'Developing', 'Inactive'].map((state) => `${tier} - ${state}`),
);

describe('colours', () => {
  it('are defined and stand out from the surface in both themes', () => {
    const names = [
      ...RULE_SEGMENTS.map((name) => segmentStyle('rule', name).variable),
      ...Array.from(
        { length: CATEGORY_COUNT },
        (_, id) => segmentStyle('cluster', `${id}`).variable,
      ),
      ...['-1', '-2', '-3'].map((id) => segmentStyle('cluster', id).variable),
    ];
    const surface = colours.get('--surface');
    for (const name of names) {
      const pair = colours.get(name);
      expect(pair, name).toBeDefined();
      expect(contrast(pair?.[0] ?? '', surface?.[0] ?? ''), name).toBeGreaterThanOrEqual(3);
      expect(contrast(pair?.[1] ?? '', surface?.[1] ?? ''), name).toBeGreaterThanOrEqual(3);
    }
  });
  it('differ between all rule segments', () => {
    const used = new Set(RULE_SEGMENTS.map((name) => segmentStyle('rule', name).variable));
    expect(used.size).toBe(12);
  });
  it('are the same every time for an unknown name', () => {
    expect(segmentStyle('rule', 'Whales')).toEqual(segmentStyle('rule', 'Whales'));
    expect(segmentStyle('score', 'constructor').variable).toMatch(/^--category-/);
  });
});

it('labels clusters by number and outlier groups by cause', () => {
  expect(segmentLabel('cluster', '3')).toBe('Cluster 3');
  expect(segmentLabel('cluster', '-3')).toBe('Outliers by both');
  expect(segmentLabel('rule', 'At Risk')).toBe('At Risk');
});

it('has short labels for rule segments', () => {
  expect(segmentShortLabel('rule', 'High Value - Active & Engaged')).toBe('High, active');
  expect(segmentShortLabel('rule', 'Whales')).toBe('Whales');
  expect(segmentShortLabel('cluster', '2')).toBe('Cluster 2');
});

it('orders segments best first and outliers last', () => {
  const clusters = ['-3', '4', '-1', '0'];
  expect(clusters.sort((a, b) => compareSegments('cluster', a, b))).toEqual(['0', '4', '-1', '-3']);
  const shuffled = [...RULE_SEGMENTS].reverse();
  expect(shuffled.sort((a, b) => compareSegments('rule', a, b))).toEqual(RULE_SEGMENTS);
});
