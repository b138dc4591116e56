import { graphlib, layout } from '@dagrejs/dagre';
import type { Dataset, Edge } from '../../../api/pipeline';
import type { Direction, Placed } from '../../../lib/graph-walk';
import { isStored } from '../../../lib/layers';

export interface Size {
  width: number;
  height: number;
}

interface Point {
  x: number;
  y: number;
}

const TABLE_SIZE: Size = { width: 204, height: 124 };
/** Files and views have no state of their own. */
const SMALL_SIZE: Size = { width: 176, height: 80 };

export function nodeSize(dataset: Dataset): Size {
  return isStored(dataset) ? TABLE_SIZE : SMALL_SIZE;
}

export interface GraphLayout extends Size {
  direction: Direction;
  nodes: (Placed & Point & Size)[];
}

/** In as little room as names that can be read allow. */
export function layOutGraph(
  datasets: readonly Dataset[],
  edges: readonly Edge[],
  direction: Direction,
): GraphLayout {
  const graph = new graphlib.Graph();
  const rankdir = direction === 'right' ? 'LR' : 'TB';
  graph.setGraph({ rankdir, align: 'UL', nodesep: 14, ranksep: 38, edgesep: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const dataset of datasets) graph.setNode(dataset.name, { ...nodeSize(dataset) });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const nodes = datasets.map((dataset) => {
    const size = nodeSize(dataset);
    const { x = 0, y = 0 } = graph.node(dataset.name);
    const [rank, order] = direction === 'right' ? [x, y] : [y, x];
    const corner = { x: x - size.width / 2, y: y - size.height / 2 };
    return { name: dataset.name, rank, order, ...corner, ...size };
  });
  const { width = 0, height = 0 } = graph.graph();
  return { direction, nodes, width, height };
}

/** Arrows between two datasets that are both there; a dataset that reads itself has none. */
export function drawnEdges(datasets: readonly Dataset[], edges: readonly Edge[]): Edge[] {
  const names = new Set(datasets.map(({ name }) => name));
  return edges.filter(({ from, to }) => from !== to && names.has(from) && names.has(to));
}

const PADDING = 16;
const HEIGHT_MAX = 1500;
/** Smaller than this, names and states cannot be read. */
const ZOOM_MIN = 0.7;

interface Viewport extends Point {
  zoom: number;
}

/** How much a graph that lies in the middle of the room is made smaller, never larger. */
function fitGraph(graph: Size, { width, height }: Size): Viewport {
  const zoom = Math.min(
    1,
    Math.max(1, width - 2 * PADDING) / graph.width,
    Math.max(1, height - 2 * PADDING) / graph.height,
  );
  return { x: (width - graph.width * zoom) / 2, y: (height - graph.height * zoom) / 2, zoom };
}

/** The direction in which the graph is seen larger; if it is too small in both, along the longer side. */
export function chooseLayout(
  { right, down }: Readonly<Record<Direction, GraphLayout>>,
  width: number,
  tall: number,
): GraphLayout {
  const room = { width, height: HEIGHT_MAX };
  const [inRight, inDown] = [fitGraph(right, room).zoom, fitGraph(down, room).zoom];
  if (Math.max(inRight, inDown) < ZOOM_MIN) return width < tall ? down : right;
  return inDown > inRight ? down : right;
}

export interface GraphPlace {
  /** Of the canvas. */
  height: number;
  /** What is seen at first. */
  start: Viewport;
  /** Shows the whole graph, however small. */
  whole: Viewport;
}

/**
 * How the graph is seen in a canvas of this width: all of it, if it can be read then. Otherwise its
 * beginning, around the first node, in a canvas that is at most `tall`.
 */
export function placeGraph(graph: GraphLayout, width: number, tall: number): GraphPlace {
  const { zoom } = fitGraph(graph, { width, height: HEIGHT_MAX });
  if (zoom >= ZOOM_MIN) {
    const height = graph.height * zoom + 2 * PADDING;
    const whole = fitGraph(graph, { width, height });
    return { height, start: whole, whole };
  }
  const height = Math.min(tall, graph.height * ZOOM_MIN + 2 * PADDING);
  const whole = fitGraph(graph, { width, height });
  const first = graph.nodes.toSorted((a, b) => a.rank - b.rank)[0];
  const start = {
    x: first === undefined ? PADDING : offset(width, graph.width, first.x + first.width / 2),
    y: first === undefined ? PADDING : offset(height, graph.height, first.y + first.height / 2),
    zoom: ZOOM_MIN,
  };
  return { height, start, whole };
}

/** Brings `point` to the middle of the room, but shows no more than the padding beside the graph. */
function offset(room: number, extent: number, point: number): number {
  const least = room - extent * ZOOM_MIN - PADDING;
  if (least >= PADDING) return (room - extent * ZOOM_MIN) / 2;
  return Math.min(PADDING, Math.max(least, room / 2 - point * ZOOM_MIN));
}
