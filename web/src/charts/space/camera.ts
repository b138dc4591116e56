/** Looks at the middle of a cube that reaches from -1 to 1. Angles in radians. */
export interface Camera {
  yaw: number;
  pitch: number;
  distance: number;
}

export type Point = readonly [x: number, y: number, z: number];
/** Column by column, as WebGL takes it. */
export type Matrix = Float32Array;

export const HOME: Camera = { yaw: -0.6, pitch: 0.35, distance: 6.4 };
const PITCH_MAX = 1.45;
const DISTANCE_MIN = 2.2;
const DISTANCE_MAX = 14;
const FIELD_OF_VIEW = 0.55;
/** Of the picture's half height; leaves room for the labels of the floor. */
const LIFT = 0.07;
const NEAR = 0.1;
const FAR = 24;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

export function orbit(camera: Camera, yaw: number, pitch: number): Camera {
  return {
    ...camera,
    yaw: camera.yaw + yaw,
    pitch: clamp(camera.pitch + pitch, -PITCH_MAX, PITCH_MAX),
  };
}

export function zoom(camera: Camera, factor: number): Camera {
  return { ...camera, distance: clamp(camera.distance * factor, DISTANCE_MIN, DISTANCE_MAX) };
}

/** Where the camera stands. */
export function eye({ yaw, pitch, distance }: Camera): Point {
  const flat = distance * Math.cos(pitch);
  return [flat * Math.sin(yaw), distance * Math.sin(pitch), flat * Math.cos(yaw)];
}

export function viewProjection(camera: Camera, aspect: number): Matrix {
  const [sinYaw, cosYaw] = [Math.sin(camera.yaw), Math.cos(camera.yaw)];
  const [sinPitch, cosPitch] = [Math.sin(camera.pitch), Math.cos(camera.pitch)];
  // A narrow canvas must show the whole width of the cube.
  const focal = Math.min(1, 0.78 * aspect) / Math.tan(FIELD_OF_VIEW / 2);
  const [fx, fy] = [focal / aspect, focal];
  const depth = (FAR + NEAR) / (NEAR - FAR);
  const shift = (2 * FAR * NEAR) / (NEAR - FAR);
  const right = [cosYaw, 0, -sinYaw];
  const up = [-sinYaw * sinPitch, cosPitch, -cosYaw * sinPitch];
  const back = [sinYaw * cosPitch, sinPitch, cosYaw * cosPitch];
  const column = (i: number): number[] => {
    const [r, u, b] = [right[i] ?? 0, up[i] ?? 0, back[i] ?? 0];
    return [fx * r, fy * u - LIFT * b, depth * b, -b];
  };
  const last = [0, LIFT * camera.distance, -depth * camera.distance + shift, camera.distance];
  return new Float32Array([...column(0), ...column(1), ...column(2), ...last]);
}

/** Where a point is seen: x and y from -1 to 1, upward. */
export function project(matrix: Matrix, [x, y, z]: Point): { x: number; y: number } {
  const row = (i: number): number =>
    (matrix[i] ?? 0) * x +
    (matrix[i + 4] ?? 0) * y +
    (matrix[i + 8] ?? 0) * z +
    (matrix[i + 12] ?? 0);
  const w = row(3);
  return { x: row(0) / w, y: row(1) / w };
}
