// Values of columns by name and type: the same for the same row.

const DESCRIPTIONS = [
  'WHITE HANGING HEART T-LIGHT HOLDER',
  'REGENCY CAKESTAND 3 TIER',
  'STRAWBERRY CERAMIC TRINKET BOX',
  'PACK OF 72 RETRO SPOT CAKE CASES',
  'ASSORTED COLOUR BIRD ORNAMENT',
  '<b>PAPER</b> CHAIN KIT "50\'S CHRISTMAS"',
];
const COUNTRIES = ['United Kingdom', 'Germany', 'France', 'EIRE', 'Netherlands'];
const SEGMENTS = ['High Value - Active', 'Growing Value - At Risk', 'Base Value - Inactive'];
const CODES = ['85123A', '22423', '21232', '21212', '84879'];
const DAY_MS = 86_400_000;

/** @param {number} index @param {number} salt */
function mixed(index, salt) {
  return (Math.imul(index + 1, 2654435761) + Math.imul(salt, 40503)) >>> 8;
}

/** @type {[RegExp, (n: number) => unknown][]} */
const BY_NAME = [
  [/^Invoice(No)?$/, (n) => String(489434 + (n % 90000))],
  [/^StockCode$/, (n) => CODES[n % CODES.length]],
  [/^CustomerID$/, (n) => (n % 5 === 0 ? null : String(12346 + (n % 5900)))],
  [/^Country$/, (n) => COUNTRIES[n % 8 < 4 ? 0 : n % COUNTRIES.length]],
  [/description$/i, (n) => DESCRIPTIONS[n % DESCRIPTIONS.length]],
  [/segment/i, (n) => SEGMENTS[n % SEGMENTS.length]],
  [/source_file/, () => 'file:///srv/daily_sales/2025-06-26_transactions.csv'],
  [/_rescued_data/, () => null],
  [/^Quantity$/, (n) => 1 + (n % 48)],
];

/** @param {{name: string, type: string}} column @param {number} index */
export function cell({ name, type }, index) {
  const n = mixed(index, name.length);
  const named = BY_NAME.find(([pattern]) => pattern.test(name));
  if (named !== undefined) return named[1](n);
  if (type.startsWith('DECIMAL')) return ((n % 500000) / 100).toFixed(2);
  const date = new Date(Date.parse('2025-06-26') + (n % 310) * DAY_MS).toISOString();
  switch (type) {
    case 'INT':
    case 'BIGINT':
      return n % 1000;
    case 'DOUBLE':
      return (n % 10000) / 10000;
    case 'BOOLEAN':
      return n % 97 === 0;
    case 'DATE':
      return date.slice(0, 10);
    case 'TIMESTAMP':
      return `${date.slice(0, 10)} 09:00:12.459437`;
    default:
      return `${name} ${n % 1000}`;
  }
}
