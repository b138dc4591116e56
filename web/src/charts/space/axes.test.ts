import { describe, expect, it } from 'vitest';
import { axisLabels, type Axis } from './axes';
import { HOME, orbit, viewProjection } from './camera';
import { makeScale } from './scale';

const axis = (title: string, values: number[]): Axis => ({
  title,
  scale: makeScale(values, 'log'),
  format: (value) => `${title}${value}`,
});
const AXES = [axis('x', [1, 1000]), axis('y', [1, 1000]), axis('z', [1, 1000])] as const;
const SMALL = { width: 328, height: 328 };

function texts(yaw: number, size: { width: number; height: number }): string[] {
  const camera = orbit(HOME, yaw, 0);
  const matrix = viewProjection(camera, size.width / size.height);
  return axisLabels(AXES, camera, matrix, size).map(({ text }) => text);
}

describe('labels of the axes', () => {
  it('are all there where they have room', () => {
    expect(texts(0, { width: 4000, height: 4000 })).toHaveLength(3 + 3 * 4);
  });
  it('leave out the upright tick at the corner that it shares with the floor', () => {
    const shown = texts(0, SMALL);
    expect(shown).not.toContain('y1');
    expect(shown).toContain('y1000');
  });
  it('keep their titles from every side', () => {
    for (let yaw = 0; yaw < 6.3; yaw += 0.1) {
      expect(texts(yaw, SMALL)).toEqual(expect.arrayContaining(['x', 'y', 'z']));
    }
  });
});
