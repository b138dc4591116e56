import { afterEach, expect, it, vi } from 'vitest';
import { stubAnswer } from '../testing/answer';
import { dataset } from '../testing/dataset';
import { getPipeline } from './pipeline';

afterEach(() => vi.unstubAllGlobals());

const pipeline = {
  name: 'retail',
  source: 'project',
  can_start: true,
  cannot_start_reason: null,
  parameters: { as_of_date: '' },
  datasets: [dataset('silver', { layer: 'silver', kind: 'STREAMING_TABLE' })],
  edges: [{ from: 'bronze', to: 'silver' }],
  diagnostics: [],
  running_update_id: null,
};

it('decodes the pipeline', async () => {
  stubAnswer(pipeline);
  const decoded = await getPipeline();
  expect(decoded.datasets).toEqual(pipeline.datasets);
  expect(decoded.parameters.get('as_of_date')).toBe('');
});

it('says where an answer is not what the contract promises', async () => {
  stubAnswer({ ...pipeline, datasets: [{ ...pipeline.datasets[0], kind: 'CUBE' }] });
  await expect(getPipeline()).rejects.toThrow('answer.datasets[0].kind');
});
