import { describe, expect, it } from 'vitest';
import { fittingText, squarified } from './treemap';

describe('tiles', () => {
  const SIZES = [6, 6, 4, 3, 2, 2, 1];

  it('lie as in the example of the paper', () => {
    const tiles = squarified(SIZES, 6, 4);
    expect(tiles[0]).toEqual({ x: 0, y: 0, width: 3, height: 2 });
    expect(tiles[1]).toEqual({ x: 0, y: 2, width: 3, height: 2 });
    expect(tiles[2]?.height).toBeCloseTo(7 / 3);
  });
  it('have areas in proportion to the sizes and fill the rectangle', () => {
    const tiles = squarified(SIZES, 600, 400);
    tiles.forEach(({ width, height }, index) => {
      expect(width * height).toBeCloseTo(10_000 * (SIZES[index] ?? 0));
    });
    expect(Math.max(...tiles.map(({ x, width }) => x + width))).toBeCloseTo(600);
    expect(Math.max(...tiles.map(({ y, height }) => y + height))).toBeCloseTo(400);
  });
  it('are none for no sizes', () => {
    expect(squarified([], 600, 400)).toEqual([]);
  });
});

describe('text on a tile', () => {
  const texts = [['High Value', '£106,290'], ['High', '£106k'], ['High']];
  const fitting = (width: number, height: number): string =>
    fittingText(texts, { width, height }, 16, (line) => 8 * line.length);

  it('is the longest that has room', () => {
    expect(fitting(80, 32)).toBe('High Value\n£106,290');
    expect(fitting(60, 32)).toBe('High\n£106k');
    expect(fitting(80, 20)).toBe('High');
  });
  it('is never a part of an amount', () => {
    expect(fitting(30, 100)).toBe('');
  });
});
