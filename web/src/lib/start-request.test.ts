import { expect, it } from 'vitest';
import { isDateParameter, startObstacle, startRequest, type StartChoice } from './start-request';

const all: StartChoice = {
  scope: 'all',
  datasets: ['a', 'b'],
  fromNothing: false,
  parameters: new Map(),
};
const defaults = new Map([
  ['as_of_date', ''],
  ['source', 'data'],
]);

it('asks for what was chosen and nothing else', () => {
  expect(startRequest(all, defaults)).toEqual({});
  expect(startRequest({ ...all, fromNothing: true }, defaults)).toEqual({ full_refresh_all: true });
  expect(startRequest({ ...all, scope: 'chosen' }, defaults)).toEqual({ refresh: ['a', 'b'] });
  expect(startRequest({ ...all, scope: 'chosen', fromNothing: true }, defaults)).toEqual({
    full_refresh: ['a', 'b'],
  });
});

it('sends parameters that were changed', () => {
  const parameters = new Map([
    ['as_of_date', '2026-05-01'],
    ['source', 'data'],
  ]);
  expect(startRequest({ ...all, parameters }, defaults)).toEqual({
    parameters: { as_of_date: '2026-05-01' },
  });
});

it('says what is missing', () => {
  expect(startObstacle(all)).toBeNull();
  expect(startObstacle({ ...all, scope: 'chosen', datasets: [] })).toMatch(/Choose/);
});

it('knows days by their name', () => {
  expect(isDateParameter('as_of_date')).toBe(true);
  expect(isDateParameter('update')).toBe(false);
  expect(isDateParameter('source')).toBe(false);
});
