/** Values of query parameters; absent and null are left out, lists are repeated. */
export type QueryValue =
  string | number | boolean | null | undefined | readonly (string | number)[];
export type Query = Readonly<Record<string, QueryValue>>;

function queryString(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

export function apiPath(path: string, query: Query = {}): string {
  return `/api/v1${path}${queryString(query)}`;
}
