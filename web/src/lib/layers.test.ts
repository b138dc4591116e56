import { expect, it } from 'vitest';
import { dataset } from '../testing/dataset';
import { byLayer, datasetLabel, layerLabel } from './layers';

it('goes from bronze to gold, then others, then what has no layer', () => {
  const datasets = [
    dataset('as_of', { layer: null }),
    dataset('checks', { layer: 'monitoring' }),
    dataset('summary', { layer: 'gold' }),
    dataset('raw', { layer: 'bronze' }),
    dataset('/data/daily', { layer: null, kind: 'PATH' }),
  ];
  expect(
    byLayer(datasets).map(({ title, datasets: [first] }) => `${title}: ${first?.name}`),
  ).toEqual(['Bronze: raw', 'Gold: summary', 'Monitoring: checks', 'Views: as_of']);
});

it('calls files by the last part of their path', () => {
  const files = dataset('/data/daily_sales/', { layer: null, kind: 'PATH' });
  expect(datasetLabel(files)).toBe('daily_sales');
  expect(layerLabel(files)).toBe('Files');
  expect(layerLabel(dataset('raw', { layer: 'bronze' }))).toBe('Bronze');
});
