const NUMERIC =
  /^(BYTE|TINYINT|SHORT|SMALLINT|INT|INTEGER|LONG|BIGINT|FLOAT|REAL|DOUBLE|DECIMAL)\b/i;

/** Whether values of the SQL type line up at their right end. */
export function isNumericType(type: string): boolean {
  return NUMERIC.test(type);
}
