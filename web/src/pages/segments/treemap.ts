/** Where a part of a treemap lies, in pixels from the upper left corner. */
export interface Tile {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The worst ratio of sides in a row of areas along `side`; 1 is a square. */
function worstRatio(row: readonly number[], side: number): number {
  const sum = row.reduce((all, area) => all + area, 0);
  const [least, greatest] = [Math.min(...row), Math.max(...row)];
  return Math.max((side * side * greatest) / (sum * sum), (sum * sum) / (side * side * least));
}

/** How many of the areas make the row along `side` whose tiles are most like squares. */
function rowLength(areas: readonly number[], side: number): number {
  let count = 1;
  while (
    count < areas.length &&
    worstRatio(areas.slice(0, count + 1), side) <= worstRatio(areas.slice(0, count), side)
  ) {
    count += 1;
  }
  return count;
}

/**
 * Tiles for positive sizes, greatest first, that fill the rectangle. Bruls, Huizing, van Wijk: "Squarified
 * Treemaps", 2000.
 */
export function squarified(sizes: readonly number[], width: number, height: number): Tile[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let areas = sizes.map((size) => (size * width * height) / total);
  let free: Tile = { x: 0, y: 0, width, height };
  const tiles: Tile[] = [];
  while (areas.length > 0) {
    const isColumn = free.width >= free.height;
    const side = isColumn ? free.height : free.width;
    const row = areas.slice(0, rowLength(areas, side));
    const thickness = row.reduce((sum, area) => sum + area, 0) / side;
    let along = 0;
    for (const area of row) {
      const length = area / thickness;
      tiles.push(
        isColumn
          ? { x: free.x, y: free.y + along, width: thickness, height: length }
          : { x: free.x + along, y: free.y, width: length, height: thickness },
      );
      along += length;
    }
    free = isColumn
      ? { ...free, x: free.x + thickness, width: free.width - thickness }
      : { ...free, y: free.y + thickness, height: free.height - thickness };
    areas = areas.slice(row.length);
  }
  return tiles;
}

/** The first of some texts, longest first, whose lines all have room; none if none has. */
export function fittingText(
  texts: readonly (readonly string[])[],
  room: { width: number; height: number },
  lineHeight: number,
  widthOf: (line: string) => number,
): string {
  const fitting = texts.find(
    (lines) =>
      lines.length * lineHeight <= room.height &&
      lines.every((line) => widthOf(line) <= room.width),
  );
  return fitting?.join('\n') ?? '';
}
