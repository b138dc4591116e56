import { createContext } from 'svelte';
import type { Dataset } from '../../../api/pipeline';
import type { DatasetState } from '../../../lib/dataset-state';

/** What nodes of the graph ask for: their data changes without laying the graph out anew. */
export interface GraphContext {
  /** The graph is seen from so far that only names and states can be read. */
  readonly brief: boolean;
  readonly now: number;
  /** The dataset whose panel is open. */
  readonly selected: string | null;
  /** The one node that the tab key reaches. */
  readonly entry: string;
  dataset: (name: string) => Dataset | undefined;
  state: (name: string) => DatasetState | undefined;
  select: (name: string) => void;
  /** Brings the node into sight. */
  see: (node: HTMLElement, name: string) => void;
  press: (event: KeyboardEvent, name: string) => void;
}

export const [graphContext, setGraphContext] = createContext<GraphContext>();
