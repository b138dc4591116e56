import { expect, it } from 'vitest';
import { eye, HOME, orbit, project, viewProjection, zoom } from './camera';

const FRONT = { yaw: 0, pitch: 0, distance: 4 };

it('sees the middle of the cube in the middle', () => {
  const middle = project(viewProjection(HOME, 1.5), [0, 0, 0]);
  expect(middle.x).toBeCloseTo(0);
  expect(Math.abs(middle.y)).toBeLessThan(0.1);
});

it('sees right on the right, up above, and what is near larger', () => {
  const matrix = viewProjection(FRONT, 1);
  const near = project(matrix, [1, 1, 1]);
  const far = project(matrix, [1, 1, -1]);
  expect(near.x).toBeGreaterThan(far.x);
  expect(far.x).toBeGreaterThan(0);
  expect(far.y).toBeGreaterThan(0);
});

it('shows the whole cube on a narrow canvas too', () => {
  for (const aspect of [0.6, 1, 2.4]) {
    const matrix = viewProjection(HOME, aspect);
    const corners = [-1, 1].flatMap((x) => [-1, 1].map((z) => project(matrix, [x, -1, z])));
    for (const { x, y } of corners) {
      expect(Math.abs(x)).toBeLessThan(0.95);
      expect(Math.abs(y)).toBeLessThan(0.95);
    }
  }
});

it('stands where yaw and pitch say', () => {
  expect(eye(FRONT)).toEqual([0, 0, 4]);
  const [x, , z] = eye(orbit(FRONT, Math.PI / 2, 0));
  expect(x).toBeCloseTo(4);
  expect(z).toBeCloseTo(0);
});

it('stays upright and at a distance', () => {
  expect(orbit(FRONT, 0, 9).pitch).toBeLessThan(Math.PI / 2);
  expect(zoom(FRONT, 0.001).distance).toBeGreaterThan(1);
  expect(zoom(FRONT, 1000).distance).toBeLessThan(20);
});
