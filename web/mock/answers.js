import { customer, customerPage, orders } from './customer.js';
import { overview } from './overview.js';
import { grid, history, model, movement, points, profiles, segments } from './segments.js';
import { pipeline } from './pipeline.js';
import { landedFiles, quality, quarantine } from './quality.js';
import { table, tables } from './tables.js';
import { eventPage, findRun, onMessage, runningId, start, updatePage } from './updates.js';

const SESSION = {
  authenticated: true,
  token_required: false,
  product_version: '0.0.0-mock',
  storage_name: 'retail-demo',
  pipeline_name: 'retail',
  currency: '£',
  can_start: true,
  cannot_start_reason: null,
};

/** @type {Record<string, (query: URLSearchParams) => unknown>} */
const ANSWERS = {
  '/session': () => SESSION,
  '/overview': overview,
  '/segments': segments,
  '/segments/grid': grid,
  '/segments/profiles': profiles,
  '/segments/points': points,
  '/segments/model': model,
  '/segments/history': history,
  '/segments/movement': movement,
  '/customers': customerPage,
  '/quality': quality,
  '/quality/files': landedFiles,
  '/quality/quarantine': quarantine,
  '/pipeline': () => pipeline(runningId()),
  '/updates': updatePage,
  '/tables': tables,
};

/** @param {string} path @param {URLSearchParams} query */
function find(path, query) {
  const fixed = ANSWERS[path];
  if (fixed !== undefined) return fixed(query);
  const [, collection, encoded = '', part] = path.split('/');
  const id = decodeURIComponent(encoded);
  switch (collection) {
    case 'customers':
      return part === 'orders' ? orders(id, query) : customer(id);
    case 'updates':
      return part === 'events' ? eventPage(id, query) : update(id);
    case 'tables':
      return table(id, part, query);
    default:
      return null;
  }
}

/** @param {string} id */
function update(id) {
  const run = findRun(id);
  return run && { update: run.update, flows: run.flows, diagnostics: run.diagnostics };
}

/** @param {import('node:http').ServerResponse} response */
function stream(response) {
  response.setHeader('Content-Type', 'text/event-stream');
  let id = 0;
  const tell = (/** @type {string} */ name, /** @type {unknown} */ data) => {
    id += 1;
    response.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  tell('hello', {});
  response.on('close', onMessage(tell));
}

/** @param {import('node:http').IncomingMessage} request */
async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}

/**
 * @param {string} path @param {Record<string, unknown>} body
 * @returns {[number, unknown]}
 */
function change(path, body) {
  if (path === '/updates') return runningId() === null ? [202, start(body)] : [409, RUNNING];
  const run = findRun(path.split('/')[2] ?? '');
  if (!path.endsWith('/stop') || run === null) return [404, notFound(path)];
  run.setState('STOPPING');
  return [202, run.update];
}

const RUNNING = {
  type: 'about:blank',
  title: 'Conflict',
  status: 409,
  detail: 'An update is running already.',
  code: 'UPDATE_RUNNING',
  hints: ['Wait until it ends, or stop it.'],
};

/** @param {string} path */
const notFound = (path) => ({
  type: 'about:blank',
  title: 'Not found',
  status: 404,
  detail: `The fixtures have no ${path}.`,
  code: 'NOT_FOUND',
  hints: [],
});

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
export async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://mock');
  if (pathname === '/events/stream') return stream(response);
  response.setHeader('Content-Type', 'application/json');
  let body;
  if (request.method === 'POST') {
    [response.statusCode, body] = change(pathname, await bodyOf(request));
  } else {
    body = find(pathname, searchParams);
    response.statusCode = body === null ? 404 : 200;
  }
  response.end(JSON.stringify(body ?? notFound(pathname)));
}
