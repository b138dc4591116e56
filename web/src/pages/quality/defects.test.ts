import { expect, it } from 'vitest';
import type { LayerDefects } from '../../api/quality';
import { compareLayers } from './defects';

function defects(layer: LayerDefects['layer'], date: string, bad: number): LayerDefects {
  return {
    layer,
    processing_date: date,
    total_records: 100 - bad,
    null_invoice: 0,
    bad_invoice: 0,
    null_stock_code: 0,
    null_quantity: 0,
    bad_quantity: bad,
    null_invoice_date: 0,
    bad_price: 0,
    null_customer_id: 0,
  };
}

it('pairs the layers of the chosen date; a layer that is missing has none', () => {
  const comparison = [
    defects('bronze', '2026-05-02', 7),
    defects('silver', '2026-05-02', 0),
    defects('bronze', '2026-05-01', 3),
  ];
  const quantity = (date: string): unknown =>
    compareLayers(comparison, date).find(({ label }) => label.startsWith('Quantity'));
  expect(quantity('2026-05-02')).toMatchObject({ bronze: 7, silver: 0 });
  expect(quantity('2026-05-01')).toMatchObject({ bronze: 3, silver: 0 });
  expect(compareLayers(comparison, '2026-05-02')[0]).toEqual({
    label: 'All lines',
    bronze: 93,
    silver: 100,
  });
});
