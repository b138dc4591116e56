import { afterEach, expect, it, vi } from 'vitest';
import { stubAnswer } from '../testing/answer';
import { getQuality, listLandedFiles, listQuarantine } from './quality';

afterEach(() => vi.unstubAllGlobals());

const rule = {
  dataset: 'retail.dlt.silver',
  name: 'valid_quantity',
  action: 'DROP',
  predicate: null,
  passed: 313531,
  failed: 8420,
  failed_null: 0,
  pass_rate: 97.38,
  trend: [{ update_id: 'u', at: '2026-05-01T09:00:00Z', passed: 313531, failed: 8420 }],
};

it('decodes rules; a predicate may be unknown', async () => {
  stubAnswer({
    rules: [rule],
    batches: [],
    comparison: [],
    daily_counts: [{ date: null, bronze: 1, silver: 0 }],
    quarantine: [],
    files_set_aside: 0,
  });
  const quality = await getQuality();
  expect(quality.rules[0]).toEqual(rule);
  expect(quality.daily_counts[0]?.date).toBeNull();
});

it('refuses an action that it does not know', async () => {
  stubAnswer({ rules: [{ ...rule, action: 'KEEP' }] });
  await expect(getQuality()).rejects.toThrow('Unexpected API response: answer.rules[0].action');
});

it('asks for files and rejected rows', async () => {
  const files = stubAnswer({ total: 0, next_cursor: null, files: [] });
  await listLandedFiles({ state: 'set_aside', search: null, cursor: '50.' });
  expect(files).toEqual(['/api/v1/quality/files?state=set_aside&cursor=50.']);

  const rows = stubAnswer({ table: 't', total: 0, next_cursor: null, columns: [], rows: [] });
  await listQuarantine({ table: 't', rule: 'valid_quantity' });
  expect(rows).toEqual(['/api/v1/quality/quarantine?table=t&rule=valid_quantity']);
});
