/** Splits SQL into the pieces that are coloured: no grammar, so any text has tokens. */

export type SqlTokenKind = 'keyword' | 'string' | 'number' | 'comment' | 'name' | 'other';

export interface SqlToken {
  kind: SqlTokenKind;
  text: string;
}

const KEYWORDS = new Set(
  (
    'ALL AND APPLY AS ASC BETWEEN BIGINT BOOLEAN BY CASE CAST CLUSTER COMMENT CONSTRAINT CREATE CROSS DATE ' +
    'DECIMAL DESC DISTINCT DOUBLE DROP ELSE END EXCEPT EXISTS EXPECT FAIL FALSE FIRST FLOW FOLLOWING FROM FULL ' +
    'GROUP HAVING IN INNER INSERT INT INTERSECT INTERVAL INTO IS JOIN LAST LATERAL LEFT LIKE LIMIT LIVE ' +
    'MATERIALIZED NOT NULL NULLS ON ONCE OR ORDER OUTER OVER PARTITION PARTITIONED PRECEDING PRIVATE REFRESH ' +
    'REPLACE RIGHT RLIKE ROW ROWS SELECT SEMI SET STREAM STREAMING STRING TABLE TBLPROPERTIES TEMPORARY THEN ' +
    'TIMESTAMP TRUE UNBOUNDED UNION UPDATE USING VALUES VIEW VIOLATION WHEN WHERE WINDOW WITH'
  ).split(' '),
);

const TOKEN =
  /(?<comment>--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<string>'(?:''|\\[^]|[^'\\])*(?:'|$)|"(?:""|[^"])*(?:"|$))|(?<name>`(?:``|[^`])*(?:`|$))|(?<number>\b\d+(?:\.\d+)?\b)|(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<other>[^])/gu;

function tokenOf(match: RegExpExecArray): SqlToken {
  const [text] = match;
  const groups = match.groups ?? {};
  for (const kind of ['comment', 'string', 'name', 'number'] as const) {
    if (groups[kind] !== undefined) return { kind, text };
  }
  const isKeyword = groups['word'] !== undefined && KEYWORDS.has(text.toUpperCase());
  return { kind: isKeyword ? 'keyword' : 'other', text };
}

/** Neighbours of the same kind are one token; all tokens together are the text. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (const match of sql.matchAll(TOKEN)) {
    const token = tokenOf(match);
    const last = tokens.at(-1);
    if (last?.kind === token.kind) last.text += token.text;
    else tokens.push(token);
  }
  return tokens;
}

/** The tokens line by line; a token over several lines is split. */
export function sqlLines(sql: string): SqlToken[][] {
  const lines: SqlToken[][] = [[]];
  for (const { kind, text } of sqlTokens(sql)) {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ kind, text: part });
    }
  }
  return lines;
}
