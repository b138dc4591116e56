import type { Rgb } from './renderer';

/** Of `rgb(…)` as browsers compute it, from 0 to 1. */
export function rgbOf(color: string): Rgb {
  const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [r / 255, g / 255, b / 255];
}
