import { expect, it, vi } from 'vitest';
import { announce, announcement } from './announce.svelte';

it('says at most one thing every five seconds, and then the newest', () => {
  vi.useFakeTimers();
  announce('one');
  vi.advanceTimersByTime(0);
  expect(announcement()).toBe('one');
  announce('two');
  announce('three');
  vi.advanceTimersByTime(4_900);
  expect(announcement()).toBe('one');
  vi.advanceTimersByTime(200);
  expect(announcement()).toBe('three');
  vi.useRealTimers();
});
