import { expect, it } from 'vitest';
import { explainChoice } from './k-choice';

const search = [
  { k: 3, combined: 0.85495 },
  { k: 4, combined: 0.88878 },
  { k: 5, combined: 0.88893 },
  { k: 6, combined: null },
];

it('says that four clusters would have been as good as five', () => {
  expect(explainChoice(5, search)).toEqual({
    chosen: 5,
    score: 0.88893,
    runnerUp: { k: 4, score: 0.88878 },
    wasClose: true,
  });
});

it('says that it was clear', () => {
  const clear = [search[0], search[2]].filter((one) => one !== undefined);
  expect(explainChoice(5, clear)?.wasClose).toBe(false);
});

it('has nothing to say about a k that was given', () => {
  expect(explainChoice(5, [])).toBeNull();
});
