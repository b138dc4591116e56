import { expect, it } from 'vitest';
import { versionOf } from './version';

it('reads the version of the address, which people may write', () => {
  expect(versionOf(new URLSearchParams('version=12'))).toBe(12);
  expect(versionOf(new URLSearchParams('version=0'))).toBe(0);
  expect(versionOf(new URLSearchParams('version=-1'))).toBeNull();
  expect(versionOf(new URLSearchParams('version=latest'))).toBeNull();
  expect(versionOf(new URLSearchParams(''))).toBeNull();
});
