import { expect, it } from 'vitest';
import { dataset } from '../testing/dataset';
import { byLayer } from './layers';

it('goes from bronze to gold, then others, then what has no layer', () => {
  const datasets = [
    dataset('as_of', { layer: null }),
    dataset('checks', { layer: 'monitoring' }),
    dataset('summary', { layer: 'gold' }),
    dataset('raw', { layer: 'bronze' }),
  ];
  expect(
    byLayer(datasets).map(({ title, datasets: [first] }) => `${title}: ${first?.name}`),
  ).toEqual(['Bronze: raw', 'Gold: summary', 'Monitoring: checks', 'Views: as_of']);
});
