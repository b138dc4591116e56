import type { SegmentGrid } from '../../api/segments';
import { chartTheme } from '../../charts/chart';
import { pngBlob } from '../../charts/png';
import { formatCount } from '../../lib/format';

type Cell = SegmentGrid['cells'][number];

const SIDE = 120;
const MARGIN = 48;
const GAP = 4;
const STRONGEST = 0.58;

/** The grid of scores as a picture, for those who save it: on the page it is a table of buttons. */
export function gridPicture(
  cells: readonly Cell[],
  strength: (cell: Cell, cells: readonly Cell[]) => number,
): Blob | null {
  const canvas = document.createElement('canvas');
  canvas.width = MARGIN + 5 * SIDE;
  canvas.height = MARGIN + 5 * SIDE;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  const theme = chartTheme();
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = '22px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = theme.inkSoft;
  for (let score = 1; score <= 5; score += 1) {
    context.fillText(`F ${score}`, MARGIN + (score - 0.5) * SIDE, MARGIN / 2);
    context.fillText(`R ${score}`, MARGIN / 2, MARGIN + (5.5 - score) * SIDE);
  }
  for (const cell of cells) {
    const [x, y] = [MARGIN + (cell.f_score - 1) * SIDE, MARGIN + (5 - cell.r_score) * SIDE];
    context.globalAlpha = 0.04 + STRONGEST * strength(cell, cells);
    context.fillStyle = theme.accent;
    context.fillRect(x, y, SIDE - GAP, SIDE - GAP);
    context.globalAlpha = 1;
    context.fillStyle = theme.ink;
    context.fillText(formatCount(cell.customers), x + SIDE / 2, y + SIDE / 2);
  }
  return pngBlob(canvas.toDataURL('image/png'));
}
