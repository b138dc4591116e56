import type { Edge } from '../api/pipeline';

/** Which way the arrows of the graph go. */
export type Direction = 'right' | 'down';

/** Where a node of the graph stands, whichever way the arrows go. */
export interface Placed {
  name: string;
  /** Grows along the arrows; neighbours share it. */
  rank: number;
  /** Grows from neighbour to neighbour. */
  order: number;
}

/** Along the arrows forward and back, and to the neighbours before and after. */
export type Step = 'forward' | 'back' | 'before' | 'after';

const KEYS: Readonly<Record<Direction, ReadonlyMap<string, Step>>> = {
  right: new Map<string, Step>([
    ['ArrowRight', 'forward'],
    ['ArrowLeft', 'back'],
    ['ArrowUp', 'before'],
    ['ArrowDown', 'after'],
  ]),
  down: new Map<string, Step>([
    ['ArrowDown', 'forward'],
    ['ArrowUp', 'back'],
    ['ArrowLeft', 'before'],
    ['ArrowRight', 'after'],
  ]),
};

export function stepOfKey(key: string, direction: Direction): Step | null {
  return KEYS[direction].get(key) ?? null;
}

/** Where a step leads; null if nowhere. Of several, the nearest. */
export function walk(
  nodes: readonly Placed[],
  edges: readonly Edge[],
  from: string,
  step: Step,
): string | null {
  const here = nodes.find(({ name }) => name === from);
  if (here === undefined) return null;
  const leads = (node: Placed): boolean => {
    switch (step) {
      case 'forward':
        return edges.some((edge) => edge.from === from && edge.to === node.name);
      case 'back':
        return edges.some((edge) => edge.to === from && edge.from === node.name);
      case 'before':
        return node.rank === here.rank && node.order < here.order;
      case 'after':
        return node.rank === here.rank && node.order > here.order;
    }
  };
  const distance = (node: Placed): number =>
    Math.hypot(node.rank - here.rank, node.order - here.order);
  const [nearest] = nodes
    .filter((node) => node !== here && leads(node))
    .sort((a, b) => distance(a) - distance(b));
  return nearest?.name ?? null;
}
