// The retail pipeline, read from its SQL files: names, rules and texts are the real ones.
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../pipelines/retail/transformations/', import.meta.url);
const CREATE =
  /^CREATE (?:OR REFRESH )?(TEMPORARY VIEW|STREAMING TABLE|MATERIALIZED VIEW) ([\w.]+)/gm;
const KINDS = /** @type {Record<string, string>} */ ({
  'TEMPORARY VIEW': 'VIEW',
  'STREAMING TABLE': 'STREAMING_TABLE',
  'MATERIALIZED VIEW': 'MATERIALIZED_VIEW',
});
const COLUMN = /^ {2}(\w+) ([A-Z]+(?:\([\d,]+\))?)(?: COMMENT '((?:''|[^'])*)')?/gm;
const RULE = /^ {2}CONSTRAINT (\w+) EXPECT \((.*)\)(?: ON VIOLATION (DROP ROW|FAIL UPDATE))?,?$/gm;

/** @param {string} name */
function fullName(name) {
  return name.includes('.') ? `retail_analytics.${name}` : `retail_analytics.dlt.${name}`;
}

/** @param {string} sql */
function definition(sql) {
  const asAt = sql.search(/^AS\b/m);
  const head = asAt < 0 ? sql : sql.slice(0, asAt);
  return {
    layer: /'quality' = '(\w+)'/.exec(head)?.[1] ?? null,
    comment: /^COMMENT '((?:''|[^'])*)'/m.exec(head)?.[1]?.replaceAll("''", "'") ?? null,
    columns: [...head.matchAll(COLUMN)].map(([, name = '', type = '', comment]) => ({
      name,
      type,
      comment: comment ?? null,
      nullable: true,
    })),
    expectations: [...head.matchAll(RULE)].map(([, name = '', predicate = '', violation]) => ({
      name,
      predicate,
      action: violation === undefined ? 'WARN' : violation === 'DROP ROW' ? 'DROP' : 'FAIL',
    })),
  };
}

/** @param {string} file */
function datasetsOf(file) {
  const text = readFileSync(new URL(file, FOLDER), 'utf8');
  const found = [...text.matchAll(CREATE)];
  return found.map((match, index) => {
    const sql = text.slice(match.index, found[index + 1]?.index).trimEnd();
    const kind = KINDS[match[1] ?? ''] ?? 'TABLE';
    const written = match[2] ?? '';
    const name = kind === 'VIEW' ? written : fullName(written);
    return {
      name,
      short_name: written.replace(/^.*\./, ''),
      kind,
      file: `transformations/${file}`,
      line: text.slice(0, match.index).split('\n').length,
      sql: sql.replace(/\n\n--[^]*$/, ''),
      partition_columns: [],
      flows: kind === 'VIEW' ? [] : [name],
      ...definition(sql),
    };
  });
}

export const datasets = readdirSync(FOLDER).sort().flatMap(datasetsOf);

/** @param {string} sql @param {string} name */
function reads(sql, name) {
  return new RegExp(`(FROM|JOIN|STREAM\\(|TABLE\\()\\s*(ml\\.)?${name}\\b`).test(sql);
}

export const edges = datasets.flatMap((to) =>
  datasets
    .filter((from) => from !== to && reads(to.sql, from.short_name))
    .map((from) => ({ from: from.name, to: to.name })),
);

/** @param {string | null} running */
export function pipeline(running) {
  return {
    name: 'retail',
    source: 'project',
    can_start: true,
    cannot_start_reason: null,
    parameters: {
      as_of_date: '',
      source: '../../data/daily_sales',
      'spark.sql.session.timeZone': 'UTC',
    },
    datasets,
    edges,
    diagnostics: [],
    running_update_id: running,
  };
}
