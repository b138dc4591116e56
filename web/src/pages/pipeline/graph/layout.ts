import { graphlib, layout } from '@dagrejs/dagre';
import type { Dataset, Edge } from '../../../api/pipeline';
import type { Placed } from '../../../lib/graph-walk';
import { isStored } from '../../../lib/layers';

export interface Size {
  width: number;
  height: number;
}

const TABLE_SIZE: Size = { width: 216, height: 132 };
/** Files and views have no state of their own. */
const SMALL_SIZE: Size = { width: 176, height: 88 };

export function nodeSize(dataset: Dataset): Size {
  return isStored(dataset) ? TABLE_SIZE : SMALL_SIZE;
}

export interface GraphLayout extends Size {
  nodes: (Placed & Size)[];
}

/** From left to right, in as little room as names that can be read allow. */
export function layOutGraph(datasets: readonly Dataset[], edges: readonly Edge[]): GraphLayout {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', align: 'UL', nodesep: 16, ranksep: 44, edgesep: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const dataset of datasets) graph.setNode(dataset.name, { ...nodeSize(dataset) });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const nodes = datasets.map((dataset) => {
    const size = nodeSize(dataset);
    const { x = 0, y = 0 } = graph.node(dataset.name);
    return { name: dataset.name, x: x - size.width / 2, y: y - size.height / 2, ...size };
  });
  const { width = 0, height = 0 } = graph.graph();
  return { nodes, width, height };
}

/** Arrows between two datasets that are both there; a dataset that reads itself has none. */
export function drawnEdges(datasets: readonly Dataset[], edges: readonly Edge[]): Edge[] {
  const names = new Set(datasets.map(({ name }) => name));
  return edges.filter(({ from, to }) => from !== to && names.has(from) && names.has(to));
}

const PADDING = 16;
const HEIGHT_MAX = 1500;

/** How the whole graph is seen in a canvas of this width, and how high the canvas is for that. */
export function fitGraph(
  graph: Size,
  width: number,
): { height: number; viewport: { x: number; y: number; zoom: number } } {
  const room = Math.max(1, width - 2 * PADDING);
  const zoom = Math.min(1, room / graph.width, (HEIGHT_MAX - 2 * PADDING) / graph.height);
  const height = graph.height * zoom + 2 * PADDING;
  return { height, viewport: { x: (width - graph.width * zoom) / 2, y: PADDING, zoom } };
}
