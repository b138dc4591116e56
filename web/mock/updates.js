// The history of updates, and the one that runs: time is the clock's, a run takes about 20 seconds.
import { Run } from './run.js';

const DAY_MS = 86_400_000;
const STEP_MS = 1_100;
const AT_ONCE = 2;

/** @type {Set<import('./run.js').Tell>} */
const listeners = new Set();

/** @param {import('./run.js').Tell} listener @returns {() => void} */
export function onMessage(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** @type {import('./run.js').Tell} */
const tell = (name, data) => listeners.forEach((listener) => listener(name, data));

/** @param {number} index */
function pastRun(index) {
  const id = `0198c2f4-0000-7000-8000-${String(400 - index).padStart(12, '0')}`;
  let now = Date.now() - index * DAY_MS - DAY_MS / 12;
  const cause = index % 3 === 0 ? 'API_CALL' : index % 3 === 1 ? 'SCHEDULE' : 'USER_ACTION';
  const run = new Run({ id, startedAt: now, cause }, () => undefined);
  if (index === 6) {
    cannotBegin(run);
    return run;
  }
  run.setState('RUNNING');
  while (run.ready().length > 0) {
    const flows = run.ready();
    flows.forEach((flow) => run.begin(flow));
    for (const flow of flows) {
      run.moveTo((now += 20 + ((index * 37 + flow.name.length * 53) % 130)));
      if (index === 4 && flow.name.endsWith('label_and_recommendation')) run.fail(flow);
      else if (flow.status === 'RUNNING') run.complete(flow);
    }
    if (index === 9) break;
  }
  run.update.files_set_aside = index === 2 ? 1 : 0;
  if (index === 9) run.cancel();
  else run.setState(run.update.flows_failed > 0 ? 'FAILED' : 'COMPLETED');
  return run;
}

/** @param {Run} run */
function cannotBegin(run) {
  run.flows = [];
  run.update.flows_total = 0;
  run.diagnostics = [
    {
      severity: 'error',
      code: 'PARSE_SYNTAX_ERROR',
      message: "expected `AS` before the query, found 'SELCT'",
      file: 'transformations/03_customer_rfm_gold.sql',
      line: 16,
      column: 4,
      end_line: 16,
      end_column: 9,
      snippet: 'AS SELCT',
      hints: ['write `AS SELECT …`'],
    },
  ];
  run.update.error = "expected `AS` before the query, found 'SELCT'";
  run.setState('FAILED');
}

/** Newest first. */
const runs = Array.from({ length: 64 }, (_, index) => pastRun(index));

/** The newest twenty. */
export const updates = runs.slice(0, 20).map(({ update }) => update);

export function runningId() {
  const [newest] = runs;
  return newest?.update.ended_at === null ? newest.update.update_id : null;
}

/** @param {string} id */
export function findRun(id) {
  return runs.find(({ update }) => update.update_id === id) ?? null;
}

/** @param {URLSearchParams} query */
export function updatePage(query) {
  const states = query.getAll('state');
  const all = runs
    .map(({ update }) => update)
    .filter(({ state }) => states.length === 0 || states.includes(state));
  return page(all, query, 'updates');
}

/**
 * @template T
 * @param {T[]} all @param {URLSearchParams} query @param {string} name
 */
export function page(all, query, name) {
  const limit = Number(query.get('limit') ?? 50);
  const from = Number(query.get('cursor') ?? 0);
  const to = from + limit;
  return {
    total: all.length,
    next_cursor: to < all.length ? String(to) : null,
    [name]: all.slice(from, to),
  };
}

/** @param {Record<string, unknown>} request */
export function start(request) {
  const startedAt = Date.now();
  const id = `0198c2f4-0000-7000-8000-${String(startedAt).slice(-12)}`;
  const run = new Run({ id, startedAt, cause: 'API_CALL', request }, tell);
  runs.unshift(run);
  updates.unshift(run.update);
  updates.pop();
  run.setState('INITIALIZING');
  const timer = setInterval(() => step(run, timer), STEP_MS);
  return run.update;
}

/** @param {Run} run @param {NodeJS.Timeout} timer */
function step(run, timer) {
  run.moveTo(Date.now());
  if (run.update.state === 'STOPPING') {
    clearInterval(timer);
    run.cancel();
    return;
  }
  if (run.update.state === 'INITIALIZING') run.setState('RUNNING');
  run.flows.filter(({ status }) => status === 'RUNNING').forEach((flow) => run.complete(flow));
  run
    .ready()
    .slice(0, AT_ONCE)
    .forEach((flow) => run.begin(flow));
  if (run.flows.some(({ status }) => status !== 'COMPLETED')) return;
  clearInterval(timer);
  run.setState('COMPLETED');
}

/** @param {string} id @param {URLSearchParams} query */
export function eventPage(id, query) {
  const levels = ['METRICS', 'INFO', 'WARN', 'ERROR'];
  const least = levels.indexOf(query.get('level') ?? 'INFO');
  const search = (query.get('search') ?? '').toLowerCase();
  const flow = query.get('flow');
  const events = /** @type {{level: string, flow: string | null, message: string}[]} */ (
    findRun(id)?.events ?? []
  ).filter(
    (event) =>
      levels.indexOf(event.level) >= least &&
      (flow === null || event.flow === flow) &&
      event.message.toLowerCase().includes(search),
  );
  return page(events, query, 'events');
}
