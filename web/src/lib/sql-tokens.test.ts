import { expect, it } from 'vitest';
import { sqlLines, sqlTokens, type SqlTokenKind } from './sql-tokens';

function texts(sql: string, kind: SqlTokenKind): string[] {
  return sqlTokens(sql).flatMap((token) => (token.kind === kind ? [token.text] : []));
}

it('tells keywords, texts, numbers, names and comments apart', () => {
  const sql = "select `Customer ID`, 'it''s' -- from\nFROM t2 WHERE x > 10.5 /* WHERE */";
  expect(texts(sql, 'keyword')).toEqual(['select', 'FROM', 'WHERE']);
  expect(texts(sql, 'name')).toEqual(['`Customer ID`']);
  expect(texts(sql, 'string')).toEqual(["'it''s'"]);
  expect(texts(sql, 'comment')).toEqual(['-- from', '/* WHERE */']);
  expect(texts(sql, 'number')).toEqual(['10.5']);
});

it('loses no character, whatever the text', () => {
  for (const sql of ["a 'open", '/* open', '`open', '', 'é ∑ 😀 -- x', "'a\\'b' <b>"]) {
    expect(
      sqlTokens(sql)
        .map(({ text }) => text)
        .join(''),
    ).toBe(sql);
  }
});

it('splits comments and texts over several lines', () => {
  expect(sqlLines("/* a\nb */ 'c\n\nd'")).toEqual([
    [{ kind: 'comment', text: '/* a' }],
    [
      { kind: 'comment', text: 'b */' },
      { kind: 'other', text: ' ' },
      { kind: 'string', text: "'c" },
    ],
    [],
    [{ kind: 'string', text: "d'" }],
  ]);
});
