import { expect, it } from 'vitest';
import { fileName } from './download';
import { toCsv } from './csv';

it('quotes what needs it and defuses formulas', () => {
  const rows = [
    ['EIRE, "north"', '=HYPERLINK("x")', '-12.50'],
    ['@a', null, 3],
  ] as const;
  expect(toCsv(['country', 'name', 'value'], rows)).toBe(
    'country,name,value\r\n"EIRE, ""north""","\'=HYPERLINK(""x"")",-12.50\r\n\'@a,,3\r\n',
  );
});

it('names files after what they show', () => {
  expect(fileName('Recency × Frequency', 'csv')).toBe('recency-frequency.csv');
  expect(fileName('×', 'png')).toBe('chart.png');
});
