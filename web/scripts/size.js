// Fails if a page loads more than its budget: the gzip sizes of what the document loads, of the page,
// and of the lazy chunks (charts, graph) that the page loads by itself once it is shown.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const DIST = 'dist';
const ENTRY = 'index.html';
const FIRST_PAGE = 'src/pages/overview/Overview.svelte';
const LIMIT_KB = 400;
/** Pages that load less than others may. @type {Record<string, number>} */
const OWN_LIMITS_KB = { [FIRST_PAGE]: 90 };

/** @typedef {{file: string, css?: string[], imports?: string[], dynamicImports?: string[]}} Chunk */

/** @type {Record<string, Chunk>} */
const manifest = JSON.parse(readFileSync(`${DIST}/.vite/manifest.json`, 'utf8'));
/** What the router loads, whichever file it ended up in. */
const pages =
  Object.values(manifest)
    .map(({ dynamicImports }) => dynamicImports ?? [])
    .find((keys) => keys.includes(FIRST_PAGE)) ?? [];

/**
 * Adds to `files` what chunk `key` loads; with `lazy`, also what it loads later, but no other page.
 * @param {string} key
 * @param {Set<string>} files
 * @param {boolean} lazy
 */
function collect(key, files, lazy) {
  const chunk = manifest[key];
  if (chunk === undefined || files.has(chunk.file)) return;
  for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
  for (const next of chunk.imports ?? []) collect(next, files, lazy);
  const later = lazy ? (chunk.dynamicImports ?? []) : [];
  for (const next of later) if (!pages.includes(next)) collect(next, files, lazy);
}

/** @param {Iterable<string>} files */
function gzipKilobytes(files) {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(readFileSync(`${DIST}/${file}`), { level: 9 }).length;
  return bytes / 1000;
}

let failed = pages.length === 0;
for (const page of pages) {
  /** @type {Set<string>} */
  const files = new Set([ENTRY]);
  collect(ENTRY, files, false);
  collect(page, files, true);
  const size = gzipKilobytes(files);
  const limit = OWN_LIMITS_KB[page] ?? LIMIT_KB;
  failed ||= size > limit;
  const verdict = size > limit ? 'OVER' : 'ok  ';
  console.log(`${verdict} ${size.toFixed(1).padStart(6)} kB of ${limit}  ${page}`);
}
process.exit(failed ? 1 : 0);
