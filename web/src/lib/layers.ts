import type { Dataset } from '../api/pipeline';

/** Layers in the order in which data goes through them; others follow as they come. */
const KNOWN = ['bronze', 'silver', 'gold'] as const;
const NO_LAYER = 'Views';

/** What a dataset is called: of files, the last part of their path. */
export function datasetLabel({ kind, short_name }: Pick<Dataset, 'kind' | 'short_name'>): string {
  if (kind !== 'PATH') return short_name;
  return short_name.split('/').findLast((part) => part !== '') ?? short_name;
}

/** "Gold", or of what has no layer its kind. */
export function layerLabel({ kind, layer }: Pick<Dataset, 'kind' | 'layer'>): string {
  return layer === null ? KIND_LOOKS[kind].text : layerTitle(layer);
}

/** Whether it is a table, which updates write; views and files are only read. */
export function isStored({ kind }: Pick<Dataset, 'kind'>): boolean {
  return kind !== 'VIEW' && kind !== 'PATH';
}

export interface LayerGroup {
  title: string;
  datasets: Dataset[];
}

function layerTitle(layer: string): string {
  return layer.charAt(0).toUpperCase() + layer.slice(1);
}

/** Files are left out: they promise nothing. */
export function byLayer(datasets: readonly Dataset[]): LayerGroup[] {
  const groups = new Map<string, Dataset[]>(KNOWN.map((layer) => [layerTitle(layer), []]));
  const rest: Dataset[] = [];
  for (const dataset of datasets) {
    if (dataset.kind === 'PATH') continue;
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
