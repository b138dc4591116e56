import { expect, it } from 'vitest';
import { stepOfKey, walk, type Placed } from './graph-walk';

const nodes: Placed[] = [
  { name: 'bronze', x: 0, y: 0 },
  { name: 'silver', x: 0, y: 100 },
  { name: 'checks', x: 200, y: 100 },
  { name: 'gold', x: 0, y: 200 },
];
const edges = [
  { from: 'bronze', to: 'silver' },
  { from: 'bronze', to: 'checks' },
  { from: 'silver', to: 'gold' },
  { from: 'gold', to: 'gold' },
];

it('follows arrows and finds neighbours', () => {
  expect(walk(nodes, edges, 'bronze', 'forward', 'down')).toBe('silver');
  expect(walk(nodes, edges, 'gold', 'back', 'down')).toBe('silver');
  expect(walk(nodes, edges, 'silver', 'next', 'down')).toBe('checks');
  expect(walk(nodes, edges, 'silver', 'previous', 'down')).toBeNull();
  expect(walk(nodes, edges, 'gold', 'forward', 'down')).toBeNull();
});

it('gives keys the meaning that the picture has', () => {
  expect(stepOfKey('ArrowRight', 'right')).toBe('forward');
  expect(stepOfKey('ArrowRight', 'down')).toBe('next');
  expect(stepOfKey('Enter', 'down')).toBeNull();
});
