import type { Batch, LayerDefects } from '../../api/quality';

/** What can be wrong with a landed line, in the order in which it is shown. */
export const BATCH_DEFECTS = [
  { key: 'null_customer_ids', label: 'No customer' },
  { key: 'bad_quantities', label: 'Quantity not above zero' },
  { key: 'bad_prices', label: 'Price below zero' },
  { key: 'null_invoices', label: 'No invoice' },
  { key: 'null_stock_codes', label: 'No stock code' },
] as const satisfies readonly { key: keyof Batch; label: string }[];

/** Percent of lines, as exact as the rules tell it; null if there are none. */
export function percentOf(lines: number, all: number): number | null {
  return all === 0 ? null : (100 * lines) / all;
}

export const LAYER_DEFECTS = [
  { key: 'null_customer_id', label: 'No customer' },
  { key: 'bad_quantity', label: 'Quantity not above zero' },
  { key: 'null_quantity', label: 'No quantity' },
  { key: 'bad_price', label: 'Price below zero' },
  { key: 'null_invoice', label: 'No invoice' },
  { key: 'bad_invoice', label: 'Invoice not of 6 or 7 characters' },
  { key: 'null_stock_code', label: 'No stock code' },
  { key: 'null_invoice_date', label: 'No invoice date' },
] as const satisfies readonly { key: keyof LayerDefects; label: string }[];

export interface DefectPair {
  label: string;
  bronze: number;
  silver: number;
}

/** The same defects before and after cleaning, of one processing date. */
export function compareLayers(
  comparison: readonly LayerDefects[],
  processingDate: string,
): DefectPair[] {
  const ofLayer = (layer: LayerDefects['layer']): LayerDefects | undefined =>
    comparison.find((one) => one.layer === layer && one.processing_date === processingDate);
  const [bronze, silver] = [ofLayer('bronze'), ofLayer('silver')];
  return [{ key: 'total_records' as const, label: 'All lines' }, ...LAYER_DEFECTS].map(
    ({ key, label }) => ({ label, bronze: bronze?.[key] ?? 0, silver: silver?.[key] ?? 0 }),
  );
}
