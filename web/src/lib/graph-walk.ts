import type { Edge } from '../api/pipeline';

export interface Placed {
  name: string;
  x: number;
  y: number;
}

export type GraphFlow = 'right' | 'down';

/** Arrow keys: along the arrows forward and back, and to the neighbours beside. */
export type Step = 'forward' | 'back' | 'previous' | 'next';

const KEYS: Readonly<Record<GraphFlow, ReadonlyMap<string, Step>>> = {
  right: new Map<string, Step>([
    ['ArrowRight', 'forward'],
    ['ArrowLeft', 'back'],
    ['ArrowUp', 'previous'],
    ['ArrowDown', 'next'],
  ]),
  down: new Map<string, Step>([
    ['ArrowDown', 'forward'],
    ['ArrowUp', 'back'],
    ['ArrowLeft', 'previous'],
    ['ArrowRight', 'next'],
  ]),
};

export function stepOfKey(key: string, flow: GraphFlow): Step | null {
  return KEYS[flow].get(key) ?? null;
}

/** Where a step leads; null if nowhere. Of several, the nearest. */
export function walk(
  nodes: readonly Placed[],
  edges: readonly Edge[],
  from: string,
  step: Step,
  flow: GraphFlow,
): string | null {
  const here = nodes.find(({ name }) => name === from);
  if (here === undefined) return null;
  const along = ({ x, y }: Placed): number => (flow === 'right' ? x : y);
  const across = ({ x, y }: Placed): number => (flow === 'right' ? y : x);
  const candidates = nodes.filter((node) => {
    if (node.name === from) return false;
    switch (step) {
      case 'forward':
        return edges.some((edge) => edge.from === from && edge.to === node.name);
      case 'back':
        return edges.some((edge) => edge.to === from && edge.from === node.name);
      case 'previous':
        return along(node) === along(here) && across(node) < across(here);
      case 'next':
        return along(node) === along(here) && across(node) > across(here);
    }
  });
  const distance = (node: Placed): number => Math.hypot(node.x - here.x, node.y - here.y);
  candidates.sort((a, b) => distance(a) - distance(b));
  return candidates[0]?.name ?? null;
}
