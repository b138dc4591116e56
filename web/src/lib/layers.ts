import type { Dataset } from '../api/pipeline';

/** Layers in the order in which data goes through them; others follow as they come. */
const KNOWN = ['bronze', 'silver', 'gold'] as const;
const NO_LAYER = 'Views';

export interface LayerGroup {
  title: string;
  datasets: Dataset[];
}

export function layerTitle(layer: string | null): string {
  return layer === null ? NO_LAYER : layer.charAt(0).toUpperCase() + layer.slice(1);
}

export function byLayer(datasets: readonly Dataset[]): LayerGroup[] {
  const groups = new Map<string, Dataset[]>(KNOWN.map((layer) => [layerTitle(layer), []]));
  const rest: Dataset[] = [];
  for (const dataset of datasets) {
    if (dataset.layer === null) {
      rest.push(dataset);
      continue;
    }
    const title = layerTitle(dataset.layer);
    groups.set(title, [...(groups.get(title) ?? []), dataset]);
  }
  groups.set(NO_LAYER, rest);
  return [...groups]
    .filter(([, group]) => group.length > 0)
    .map(([title, group]) => ({ title, datasets: group }));
}

export const KIND_LOOKS = {
  STREAMING_TABLE: { text: 'Streaming table', icon: 'pipeline' },
  MATERIALIZED_VIEW: { text: 'Materialized view', icon: 'tables' },
  VIEW: { text: 'View', icon: 'filter' },
  TABLE: { text: 'Table', icon: 'table' },
  PATH: { text: 'Files', icon: 'download' },
} as const satisfies Readonly<Record<Dataset['kind'], { text: string; icon: string }>>;
