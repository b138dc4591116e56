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

/** Of the picture, in pixels of CSS. */
interface Size {
  width: number;
  height: number;
}

/** How far outside the cube the labels stand. */
const TICKS_AT = 1.1;
const TITLE_AT = 1.34;
/** The upright axis has its title on top, where a narrow picture has room for it. */
const UPRIGHT = 1;
const TITLE_ABOVE_AT = 1.22;
/** Which axis keeps its tick where two share a corner. */
const FLOOR_FIRST = [0, 2, UPRIGHT] as const;

/** About as much room as the text of a label takes, in pixels of CSS. */
const CHARACTER_WIDTH = 7.5;
const LINE_HEIGHT = 14;

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

/**
 * Labels of the axes in percent of the canvas, from its upper left corner. Of ticks that would lie on each
 * other, as at a corner that two axes share, the floor's are kept.
 */
export function axisLabels(
  axes: readonly [Axis, Axis, Axis],
  camera: Camera,
  matrix: Matrix,
  size: Size,
): AxisLabel[] {
  const edges = labelledEdges(camera, matrix);
  const titles = FLOOR_FIRST.map((index) => {
    const place =
      index === UPRIGHT ? edges[index](TITLE_ABOVE_AT, TICKS_AT) : edges[index](0, TITLE_AT);
    const at = inPercent(project(matrix, place));
    return { id: `${index} title`, text: axes[index].title, isTitle: true, ...at };
  });
  const ticks = FLOOR_FIRST.flatMap((index) =>
    axes[index].scale.ticks.map(({ value, at }) => ({
      id: `${index} ${value}`,
      text: axes[index].format(value),
      isTitle: false,
      ...inPercent(project(matrix, edges[index](at, TICKS_AT))),
    })),
  );
  return withoutOverlaps([...titles, ...ticks], size);
}

/** Leaves out the labels that would touch an earlier one. */
function withoutOverlaps(labels: readonly AxisLabel[], { width, height }: Size): AxisLabel[] {
  const touch = (a: AxisLabel, b: AxisLabel): boolean =>
    (Math.abs(a.y - b.y) * height) / 100 < LINE_HEIGHT &&
    (Math.abs(a.x - b.x) * width) / 100 < (CHARACTER_WIDTH * (a.text.length + b.text.length)) / 2;
  const kept: AxisLabel[] = [];
  for (const label of labels) {
    if (label.isTitle || !kept.some((one) => touch(one, label))) kept.push(label);
  }
  return kept;
}

function inPercent({ x, y }: { x: number; y: number }): { x: number; y: number } {
  return { x: 50 + 50 * x, y: 50 - 50 * y };
}
