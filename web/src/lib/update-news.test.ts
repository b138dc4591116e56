import { expect, it } from 'vitest';
import type { UpdateDetail } from '../api/updates';
import type { LiveMessage } from '../live/message';
import { flowState, updateState } from '../testing/update';
import { detailWithNews, NO_NEWS, withMessage } from './update-news';

const detail: UpdateDetail = {
  update: updateState('u'),
  flows: [flowState('a'), flowState('b')],
  diagnostics: [],
};

function news(...messages: LiveMessage[]): typeof NO_NEWS {
  return messages.reduce((before, message) => withMessage(before, 'u', message), NO_NEWS);
}

it('puts messages over what was loaded, the newest of each flow', () => {
  const told = news(
    { kind: 'flow', updateId: 'u', flow: flowState('b', { status: 'STARTING' }) },
    { kind: 'flow', updateId: 'u', flow: flowState('b', { status: 'RUNNING' }) },
    { kind: 'flow', updateId: 'u', flow: flowState('c', { status: 'RUNNING' }) },
    { kind: 'update', update: updateState('u', { flows_done: 1 }) },
  );
  const now = detailWithNews(detail, told, 0);
  expect(now.flows.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'a QUEUED',
    'b RUNNING',
    'c RUNNING',
  ]);
  expect(now.update.flows_done).toBe(1);
});

it('leaves out what came before the loading began', () => {
  const told = news({ kind: 'flow', updateId: 'u', flow: flowState('a', { status: 'RUNNING' }) });
  expect(detailWithNews(detail, told, told.count).flows[0]?.status).toBe('QUEUED');
});

it('hears only of its update', () => {
  expect(
    news(
      { kind: 'flow', updateId: 'other', flow: flowState('a') },
      { kind: 'update', update: updateState('other') },
      { kind: 'reset' },
    ),
  ).toBe(NO_NEWS);
});
