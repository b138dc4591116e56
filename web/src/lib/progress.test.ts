import { expect, it } from 'vitest';
import { updateState } from '../testing/update';
import { canStop, progressSentence, scopeWords } from './progress';

it('says how far an update is', () => {
  expect(progressSentence(updateState('u', { flows_total: 23, flows_done: 12 }))).toBe(
    'Running: 12 of 23 flows done.',
  );
  expect(
    progressSentence(updateState('u', { state: 'FAILED', flows_total: 1, flows_failed: 1 })),
  ).toBe('Failed: 0 of 1 flow done, 1 flow failed.');
  expect(progressSentence(updateState('u', { state: 'INITIALIZING', flows_total: 0 }))).toBe(
    'Initializing.',
  );
});

it('says what an update was asked to do', () => {
  expect(scopeWords(updateState('u'))).toBe('All that is new');
  expect(scopeWords(updateState('u', { full_refresh: true }))).toBe('Everything, from nothing');
  expect(
    scopeWords(updateState('u', { refresh_selection: ['a'], full_refresh_selection: ['b', 'c'] })),
  ).toBe('1 dataset, 2 datasets from nothing');
});

it('stops only what runs', () => {
  expect(canStop(updateState('u'))).toBe(true);
  expect(canStop(updateState('u', { state: 'STOPPING' }))).toBe(false);
  expect(canStop(updateState('u', { state: 'COMPLETED' }))).toBe(false);
});
