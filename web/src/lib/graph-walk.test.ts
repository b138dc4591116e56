import { expect, it } from 'vitest';
import { stepOfKey, walk, type Placed } from './graph-walk';

const nodes: Placed[] = [
  { name: 'bronze', x: 0, y: 0 },
  { name: 'silver', x: 100, y: 0 },
  { name: 'checks', x: 100, y: 200 },
  { name: 'gold', x: 200, y: 0 },
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
  expect(walk(nodes, edges, 'silver', 'below')).toBe('checks');
  expect(walk(nodes, edges, 'silver', 'above')).toBeNull();
  expect(walk(nodes, edges, 'gold', 'forward')).toBeNull();
});

it('knows the arrow keys', () => {
  expect(stepOfKey('ArrowRight')).toBe('forward');
  expect(stepOfKey('Enter')).toBeNull();
});
