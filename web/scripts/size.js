// Fails if a page loads more than its budget: gzip sizes of the static imports of the entry and the
// page, and of what the page loads by itself as soon as it is shown.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const DIST = 'dist';
const ENTRY = 'index.html';
const LIMITS_KB = { default: 400, 'src/pages/overview/Overview.svelte': 90 };
/** Chunks that pages load only when somebody asks for them. */
const ON_DEMAND = /^src\/pages\//;

/** @typedef {{file: string, css?: string[], imports?: string[], dynamicImports?: string[]}} Chunk */

/** @type {Record<string, Chunk>} */
const manifest = JSON.parse(readFileSync(`${DIST}/.vite/manifest.json`, 'utf8'));

/**
 * Adds to `files` what chunk `key` loads.
 * @param {string} key
 * @param {Set<string>} files
 * @param {boolean} followsLazy
 */
function collect(key, files, followsLazy) {
  const chunk = manifest[key];
  if (chunk === undefined || files.has(chunk.file)) return;
  for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
  for (const next of chunk.imports ?? []) collect(next, files, followsLazy);
  if (!followsLazy) return;
  for (const next of chunk.dynamicImports ?? []) {
    if (!ON_DEMAND.test(next)) collect(next, files, true);
  }
}

/** @param {Iterable<string>} files */
function gzipKilobytes(files) {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(readFileSync(`${DIST}/${file}`), { level: 9 }).length;
  return bytes / 1000;
}

const pages = Object.keys(manifest).filter((key) => ON_DEMAND.test(key));
let failed = pages.length === 0;
for (const page of pages) {
  /** @type {Set<string>} */
  const files = new Set([ENTRY]);
  collect(ENTRY, files, false);
  collect(page, files, true);
  const size = gzipKilobytes(files);
  const limit =
    page in LIMITS_KB ? LIMITS_KB['src/pages/overview/Overview.svelte'] : LIMITS_KB.default;
  if (size > limit) failed = true;
  console.log(
    `${size > limit ? 'OVER' : 'ok  '} ${size.toFixed(1).padStart(6)} kB of ${limit}  ${page}`,
  );
}
process.exit(failed ? 1 : 0);
