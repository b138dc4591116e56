import { eye, project, type Camera, type Matrix, type Point } from './camera';
import type { Scale } from './scale';

export interface AxisLabel {
  id: string;
  text: string;
  isTitle: boolean;
  x: number;
  y: number;
}

export interface Axis {
  title: string;
  scale: Scale;
  format: (value: number) => string;
}

/** How far outside the cube the labels stand. */
const TICKS_AT = 1.1;
const TITLE_AT = 1.34;
/** The upright axis has its title on top, where a narrow picture has room for it. */
const UPRIGHT = 1;
const TITLE_ABOVE_AT = 1.22;

type Edge = (along: number, out: number) => Point;

/** The three edges of the cube that labels are readable at, seen from where the camera stands. */
function labelledEdges(camera: Camera, matrix: Matrix): [Edge, Edge, Edge] {
  const [ex, , ez] = eye(camera);
  const [sx, sz] = [Math.sign(ex) || 1, Math.sign(ez) || 1];
  const uprights = [
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ] as const;
  const seenAt = ([x, z]: readonly [number, number]): number => project(matrix, [x, 0, z]).x;
  const [ux, uz] = uprights.reduce((left, one) => (seenAt(one) < seenAt(left) ? one : left));
  // Labels of the floor hang a little, clear of those that stand at its corner.
  const below = (out: number): number => -1 - 0.6 * (out - 1);
  return [
    (along, out) => [along, below(out), sz * out],
    (along, out) => [ux * out, along, uz * out],
    (along, out) => [sx * out, below(out), along],
  ];
}

/** Labels of the axes in percent of the canvas, from its upper left corner. */
export function axisLabels(
  axes: readonly [Axis, Axis, Axis],
  camera: Camera,
  matrix: Matrix,
): AxisLabel[] {
  const edges = labelledEdges(camera, matrix);
  return axes.flatMap(({ title, scale, format }, index) => {
    const edge = edges[index];
    if (edge === undefined) return [];
    const ticks = scale.ticks.map(({ value, at }) => ({
      id: `${index} ${value}`,
      text: format(value),
      isTitle: false,
      ...inPercent(project(matrix, edge(at, TICKS_AT))),
    }));
    const place = index === UPRIGHT ? edge(TITLE_ABOVE_AT, TICKS_AT) : edge(0, TITLE_AT);
    const titleAt = inPercent(project(matrix, place));
    return [...ticks, { id: `${index} title`, text: title, isTitle: true, ...titleAt }];
  });
}

function inPercent({ x, y }: { x: number; y: number }): { x: number; y: number } {
  return { x: 50 + 50 * x, y: 50 - 50 * y };
}
