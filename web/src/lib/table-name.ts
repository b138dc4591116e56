/** Full names of tables are CATALOG.SCHEMA.TABLE; quarantine. and system. stand before some. */

export interface TableName {
  /** All but the last part; empty if there is only one. */
  schema: string;
  short: string;
}

export function splitTableName(name: string): TableName {
  const dot = name.lastIndexOf('.');
  return { schema: name.slice(0, Math.max(0, dot)), short: name.slice(dot + 1) };
}

export function shortName(name: string): string {
  return splitTableName(name).short;
}

export function tableHref(name: string): string {
  return `/tables/${encodeURIComponent(name)}`;
}

interface Named {
  name: string;
  kind: 'table' | 'quarantine' | 'system';
}

export interface TableGroup<T> {
  title: string;
  tables: T[];
}

/** Tables by schema in the order of the names; quarantine and system come last. */
export function groupTables<T extends Named>(tables: readonly T[]): TableGroup<T>[] {
  const groups = new Map<string, T[]>();
  for (const kind of ['table', 'quarantine', 'system'] as const) {
    for (const table of tables) {
      if (table.kind !== kind) continue;
      const title = kind === 'table' ? splitTableName(table.name).schema : KIND_TITLES[kind];
      const group = groups.get(title);
      if (group === undefined) groups.set(title, [table]);
      else group.push(table);
    }
  }
  return [...groups].map(([title, group]) => ({ title, tables: group }));
}

const KIND_TITLES = { quarantine: 'Quarantine', system: 'System' } as const;

/** What a list of the group shows: the title says the rest. */
export function nameInGroup(table: Named): string {
  if (table.kind === 'table') return shortName(table.name);
  return table.name.replace(/^(quarantine|system)\./, '');
}
