import { expect, it } from 'vitest';
import { stepOfKey, walk, type Placed } from './graph-walk';

const nodes: Placed[] = [
  { name: 'bronze', rank: 0, order: 0 },
  { name: 'silver', rank: 100, order: 0 },
  { name: 'checks', rank: 100, order: 200 },
  { name: 'gold', rank: 200, order: 0 },
];
const edges = [
  { from: 'bronze', to: 'silver' },
  { from: 'bronze', to: 'checks' },
  { from: 'silver', to: 'gold' },
  { from: 'gold', to: 'gold' },
];

it('follows arrows and finds neighbours', () => {
  expect(walk(nodes, edges, 'bronze', 'forward')).toBe('silver');
  expect(walk(nodes, edges, 'gold', 'back')).toBe('silver');
  expect(walk(nodes, edges, 'silver', 'after')).toBe('checks');
  expect(walk(nodes, edges, 'silver', 'before')).toBeNull();
  expect(walk(nodes, edges, 'gold', 'forward')).toBeNull();
});

it('knows the arrow keys of both directions', () => {
  expect(stepOfKey('ArrowRight', 'right')).toBe('forward');
  expect(stepOfKey('ArrowDown', 'right')).toBe('after');
  expect(stepOfKey('ArrowDown', 'down')).toBe('forward');
  expect(stepOfKey('ArrowLeft', 'down')).toBe('before');
  expect(stepOfKey('Enter', 'right')).toBeNull();
});
