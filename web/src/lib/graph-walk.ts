import type { Edge } from '../api/pipeline';

/** A node of the graph, which goes from left to right: nodes of one rank have the same x. */
export interface Placed {
  name: string;
  x: number;
  y: number;
}

/** Along the arrows forward and back, and to the neighbours above and below. */
export type Step = 'forward' | 'back' | 'above' | 'below';

const KEYS: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['ArrowRight', 'forward'],
  ['ArrowLeft', 'back'],
  ['ArrowUp', 'above'],
  ['ArrowDown', 'below'],
]);

export function stepOfKey(key: string): Step | null {
  return KEYS.get(key) ?? null;
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
      case 'above':
        return node.x === here.x && node.y < here.y;
      case 'below':
        return node.x === here.x && node.y > here.y;
    }
  };
  const distance = (node: Placed): number => Math.hypot(node.x - here.x, node.y - here.y);
  const [nearest] = nodes
    .filter((node) => node !== here && leads(node))
    .sort((a, b) => distance(a) - distance(b));
  return nearest?.name ?? null;
}
