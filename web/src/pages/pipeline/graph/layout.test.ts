import { expect, it } from 'vitest';
import { dataset } from '../../../testing/dataset';
import { chooseLayout, drawnEdges, layOutGraph, placeGraph, type GraphLayout } from './layout';

const datasets = ['gold', 'bronze', 'silver'].map((name) => dataset(name));
const edges = [
  { from: 'bronze', to: 'silver' },
  { from: 'silver', to: 'gold' },
];

function graph(width: number, height: number, direction: GraphLayout['direction']): GraphLayout {
  const first = { name: 'first', rank: 50, order: 900, x: 0, y: 850, width: 100, height: 100 };
  return { direction, nodes: [first], width, height };
}

it.each(['right', 'down'] as const)('goes %s along the arrows', (direction) => {
  const { nodes, width, height } = layOutGraph(datasets, edges, direction);
  const along = direction === 'right' ? 'x' : 'y';
  const inOrder = nodes.toSorted((a, b) => a[along] - b[along]).map(({ name }) => name);
  expect(inOrder).toEqual(['bronze', 'silver', 'gold']);
  expect(nodes.every(({ x, y }) => x >= 0 && x < width && y >= 0 && y < height)).toBe(true);
});

it('gives files and tables of one rank the same rank, whatever their size', () => {
  const mixed = [dataset('files', { kind: 'PATH' }), dataset('table'), dataset('both')];
  const into = ['files', 'table'].map((from) => ({ from, to: 'both' }));
  const [files, table] = layOutGraph(mixed, into, 'right').nodes;
  expect(files?.rank).toBe(table?.rank);
});

it('draws no arrow to itself or to what is not there', () => {
  const more = [...edges, { from: 'gold', to: 'gold' }, { from: 'path', to: 'bronze' }];
  expect(drawnEdges(datasets, more)).toEqual(edges);
});

it('shows the whole graph where it can be read, never larger than it is', () => {
  const place = placeGraph(graph(1250, 1000, 'right'), 1032, 600);
  expect(place.height).toBe(832);
  expect(place.start).toEqual({ x: 16, y: 16, zoom: 0.8 });
  expect(place.whole).toEqual(place.start);
  expect(placeGraph(graph(200, 100, 'right'), 1000, 600).start).toEqual({ x: 400, y: 16, zoom: 1 });
});

it('shows the beginning of a graph that is too large, and all of it if asked', () => {
  const { height, start, whole } = placeGraph(graph(3000, 2000, 'right'), 1032, 600);
  expect(height).toBe(600);
  expect(start).toEqual({ x: 16, y: 300 - 900 * 0.7, zoom: 0.7 });
  expect(whole.zoom).toBeCloseTo(568 / 2000);
});

it('takes the direction in which more can be read', () => {
  const layouts = { right: graph(2000, 400, 'right'), down: graph(1000, 1200, 'down') };
  expect(chooseLayout(layouts, 1032, 600).direction).toBe('down');
  expect(chooseLayout(layouts, 2400, 600).direction).toBe('right');
});

it('goes along the longer side if neither direction can be read', () => {
  const layouts = { right: graph(2000, 2000, 'right'), down: graph(2000, 2000, 'down') };
  expect(chooseLayout(layouts, 328, 600).direction).toBe('down');
  expect(chooseLayout(layouts, 1000, 600).direction).toBe('right');
});
