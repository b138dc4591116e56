import type { Dataset } from '../api/pipeline';

/** A dataset for tests, with what matters to the test. */
export function dataset(name: string, change: Partial<Dataset> = {}): Dataset {
  return {
    name,
    short_name: name,
    kind: 'MATERIALIZED_VIEW',
    layer: 'gold',
    comment: null,
    file: null,
    line: null,
    sql: null,
    columns: [],
    partition_columns: [],
    expectations: [],
    flows: [name],
    ...change,
  };
}
