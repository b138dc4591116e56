/** The version that the address asks for; null is the latest. */
export function versionOf(query: URLSearchParams): number | null {
  const text = query.get('version') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
