// An update as the server tells it: states of flows over time, events, messages.
import { randomUUID } from 'node:crypto';
import { datasets, edges } from './pipeline.js';
import { rowsOf } from './sizes.js';

/** @typedef {(name: string, data: unknown) => void} Tell */

const stored = datasets.filter(({ flows }) => flows.length > 0);

/** Flows that have to be done before the dataset's. @param {string} name @returns {string[]} */
function inputsOf(name) {
  return edges.filter(({ to }) => to === name).map(({ from }) => from);
}

/** @param {typeof datasets[number]} dataset */
function queuedFlow(dataset) {
  return {
    name: dataset.name,
    dataset: dataset.name,
    status: 'QUEUED',
    started_at: /** @type {string | null} */ (null),
    ended_at: /** @type {string | null} */ (null),
    duration_ms: /** @type {number | null} */ (null),
    batches: 0,
    rows_read: 0,
    rows_written: 0,
    rows_dropped: 0,
    input_files: 0,
    output_bytes: 0,
    reason: /** @type {string | null} */ (null),
    error: /** @type {object | null} */ (null),
    expectations: /** @type {object[]} */ ([]),
  };
}
/** @typedef {ReturnType<typeof queuedFlow>} Flow */

const FAILURE = {
  severity: 'error',
  code: 'UNRESOLVED_COLUMN.WITH_SUGGESTION',
  message: 'a column, variable, or function parameter with name `Monetry` cannot be resolved',
  file: 'transformations/04_segments.sql',
  line: 21,
  column: 23,
  end_line: 21,
  end_column: 30,
  snippet: '  SELECT percentile_cont(Monetry, 0.5) AS median_monetary FROM customer_rfm_gold',
  hints: ['did you mean `Monetary`?'],
};

/** @param {Flow} flow */
function finish(flow) {
  const dataset = stored.find(({ name }) => name === flow.dataset);
  const dropped = flow.dataset.endsWith('_silver') ? 8422 : 0;
  flow.status = 'COMPLETED';
  flow.batches = 1;
  flow.rows_written = rowsOf(flow.dataset);
  flow.rows_read = flow.rows_written + dropped;
  flow.rows_dropped = dropped;
  flow.input_files = flow.dataset.endsWith('_bronze') ? 220 : 1;
  flow.output_bytes = 1400 + flow.rows_written * 11;
  flow.expectations = (dataset?.expectations ?? []).map(({ name, action }) => {
    const failed =
      { valid_quantity: 8420, valid_unit_price: 2, valid_customer_id: 67813 }[name] ?? 0;
    return { name, action, passed: flow.rows_read - failed, failed };
  });
}

export class Run {
  /** @type {Flow[]} */
  flows = stored.map(queuedFlow);
  /** @type {object[]} */
  events = [];
  /** @type {object[]} */
  diagnostics = [];
  #now;
  #tell;

  /**
   * @param {{id: string, startedAt: number, cause: string, request?: Record<string, unknown>}} options
   * @param {Tell} tell
   */
  constructor({ id, startedAt, cause, request = {} }, tell) {
    this.#now = startedAt;
    this.#tell = tell;
    this.update = {
      update_id: id,
      pipeline: 'retail',
      state: 'QUEUED',
      cause,
      user: cause === 'USER_ACTION' ? 'uid 1000' : null,
      started_at: new Date(startedAt).toISOString(),
      ended_at: /** @type {string | null} */ (null),
      duration_ms: /** @type {number | null} */ (null),
      full_refresh: request['full_refresh_all'] ?? false,
      refresh_selection: request['refresh'] ?? [],
      full_refresh_selection: request['full_refresh'] ?? [],
      configuration: {
        as_of_date: '2026-05-01',
        source: '../../data/daily_sales',
        .../** @type {object} */ (request['parameters'] ?? {}),
      },
      rows_read: 0,
      rows_written: 0,
      rows_dropped: 0,
      flows_total: this.flows.length,
      flows_done: 0,
      flows_failed: 0,
      files_set_aside: 0,
      error: /** @type {string | null} */ (null),
    };
    this.#event('create_update', `Update ${id} of 'retail' started.`);
  }

  /** @param {number} now */
  moveTo(now) {
    this.#now = now;
  }

  /** @param {string} type @param {string} message @param {{flow?: string, level?: string, error?: string}} [more] */
  #event(type, message, { flow, level = 'INFO', error } = {}) {
    const event = {
      id: randomUUID(),
      update_id: this.update.update_id,
      sequence: this.events.length,
      timestamp: new Date(this.#now).toISOString(),
      level,
      event_type: type,
      flow: flow ?? null,
      message,
      error: error ?? null,
    };
    this.events.push(event);
    this.#tell('event', event);
  }

  /** @param {Flow} flow */
  #changed(flow) {
    this.#tell('flow', { update_id: this.update.update_id, flow });
  }

  /** @param {string} state */
  setState(state) {
    this.update.state = state;
    if (['COMPLETED', 'FAILED', 'CANCELED'].includes(state)) {
      this.update.ended_at = new Date(this.#now).toISOString();
      this.update.duration_ms = this.#now - Date.parse(this.update.started_at);
    }
    const level = state === 'FAILED' ? 'ERROR' : 'INFO';
    this.#event('update_progress', `Update ${this.update.update_id} is ${state}.`, { level });
    this.#tell('update', this.update);
  }

  /** Flows that can begin now. */
  ready() {
    const open = new Set(
      this.flows.filter(({ status }) => status !== 'COMPLETED').map(({ dataset }) => dataset),
    );
    return this.flows.filter(
      ({ status, dataset }) =>
        status === 'QUEUED' && !inputsOf(dataset).some((input) => open.has(input)),
    );
  }

  /** @param {Flow} flow */
  begin(flow) {
    flow.status = 'RUNNING';
    flow.started_at = new Date(this.#now).toISOString();
    this.#event('flow_progress', `Flow '${flow.name}' is starting.`, { flow: flow.name });
    this.#changed(flow);
  }

  /** @param {Flow} flow */
  #end(flow) {
    flow.ended_at = new Date(this.#now).toISOString();
    flow.duration_ms = this.#now - Date.parse(flow.started_at ?? flow.ended_at);
  }

  /** @param {Flow} flow */
  complete(flow) {
    finish(flow);
    this.#end(flow);
    const words = `Flow '${flow.name}' has completed: ${flow.rows_written} rows written.`;
    if (flow.rows_dropped > 0) {
      const told = `Flow '${flow.name}' dropped ${flow.rows_dropped} of ${flow.rows_read} rows.`;
      this.#event('flow_progress', told, { flow: flow.name, level: 'WARN' });
    }
    this.#event('flow_progress', words, { flow: flow.name });
    this.update.flows_done += 1;
    this.update.rows_written += flow.rows_written;
    this.update.rows_dropped += flow.rows_dropped;
    if (flow.input_files > 1) this.update.rows_read += flow.rows_read;
    this.#changed(flow);
    this.#tell('update', this.update);
    this.#tell('tables', { tables: [{ name: flow.dataset, version: 18 }] });
  }

  /** @param {Flow} flow */
  fail(flow) {
    flow.status = 'FAILED';
    flow.error = FAILURE;
    this.#end(flow);
    this.update.flows_failed += 1;
    this.update.error = `Flow '${flow.name}': ${FAILURE.message}`;
    const message = `Flow '${flow.name}' has FAILED.`;
    this.#event('flow_progress', message, {
      flow: flow.name,
      level: 'ERROR',
      error: FAILURE.message,
    });
    this.#changed(flow);
    for (const other of this.flows) {
      if (other.status !== 'QUEUED') continue;
      other.status = 'SKIPPED';
      other.reason = `'${flow.name}' failed`;
      this.#changed(other);
    }
  }

  /** What runs or waits ends here. */
  cancel() {
    for (const flow of this.flows) {
      if (flow.status === 'RUNNING') this.#end(flow);
      if (flow.status !== 'RUNNING' && flow.status !== 'QUEUED') continue;
      flow.status = 'STOPPED';
      this.#changed(flow);
    }
    this.setState('CANCELED');
  }
}
