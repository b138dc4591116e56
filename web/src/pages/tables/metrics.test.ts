import { expect, it } from 'vitest';
import { metricWords } from './metrics';

it('says what a commit did', () => {
  const metrics = new Map([
    ['numFiles', '1'],
    ['numOutputBytes', '4497809'],
    ['numOutputRows', '313529'],
  ]);
  expect(metricWords(metrics)).toBe('313,529 rows written, 4.5 MB');
  expect(metricWords(new Map())).toBe('–');
});
