import {
  formatCompact,
  formatCounted,
  formatMoneyCompact,
  formatMoneyNumber,
} from '../../lib/format';

/** The three features of a customer, with the words and formats that all views share. */
export const FEATURES = ['recency', 'frequency', 'monetary'] as const;
export type Feature = (typeof FEATURES)[number];

export interface FeatureLook {
  label: string;
  unit: string;
  /** On an axis. */
  short: (value: number) => string;
  text: (value: number) => string;
}

export const LOOKS: Readonly<Record<Feature, FeatureLook>> = {
  recency: {
    label: 'Recency',
    unit: 'days since the last purchase',
    short: formatCompact,
    text: (value) => formatCounted(value, 'day'),
  },
  frequency: {
    label: 'Frequency',
    unit: 'orders',
    short: formatCompact,
    text: (value) => formatCounted(value, 'order'),
  },
  monetary: {
    label: 'Monetary',
    unit: 'spent in all',
    short: formatMoneyCompact,
    text: (value) => formatMoneyNumber(value, 0),
  },
};
