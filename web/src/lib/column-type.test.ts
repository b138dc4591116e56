import { expect, it } from 'vitest';
import { isNumericType } from './column-type';

it('knows numbers by the type of their column', () => {
  expect(['INT', 'DECIMAL(31,2)', 'double', 'BIGINT'].every(isNumericType)).toBe(true);
  expect(['STRING', 'DATE', 'INTERVAL', 'ARRAY<INT>'].some(isNumericType)).toBe(false);
});
