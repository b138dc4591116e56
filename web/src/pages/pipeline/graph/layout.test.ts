import { expect, it } from 'vitest';
import { dataset } from '../../../testing/dataset';
import { drawnEdges, fitGraph, layOutGraph } from './layout';

const datasets = ['gold', 'bronze', 'silver'].map((name) => dataset(name));
const edges = [
  { from: 'bronze', to: 'silver' },
  { from: 'silver', to: 'gold' },
];

it('goes from left to right along the arrows', () => {
  const { nodes, width } = layOutGraph(datasets, edges);
  const inOrder = nodes.toSorted((a, b) => a.x - b.x).map(({ name }) => name);
  expect(inOrder).toEqual(['bronze', 'silver', 'gold']);
  expect(nodes.every(({ x }) => x >= 0 && x < width)).toBe(true);
});

it('draws no arrow to itself or to what is not there', () => {
  const more = [...edges, { from: 'gold', to: 'gold' }, { from: 'path', to: 'bronze' }];
  expect(drawnEdges(datasets, more)).toEqual(edges);
});

it('fits the graph into the canvas, never larger than it is', () => {
  expect(fitGraph({ width: 2000, height: 1000 }, 1032)).toEqual({
    height: 532,
    viewport: { x: 16, y: 16, zoom: 0.5 },
  });
  const small = fitGraph({ width: 200, height: 100 }, 1000);
  expect(small).toEqual({ height: 132, viewport: { x: 400, y: 16, zoom: 1 } });
});
