/** The browser's location as state: pages read it and change it, the back button works. */

interface Location {
  path: string;
  query: URLSearchParams;
}

function current(): Location {
  return {
    path: window.location.pathname,
    query: new URLSearchParams(window.location.search),
  };
}

let location = $state.raw<Location>(current());
let isFirstPage = true;
addEventListener('popstate', moved);

function moved(): void {
  isFirstPage = false;
  location = current();
}

/** Whether the page is the one that the document was opened with. */
export function isOpened(): boolean {
  return isFirstPage;
}

export function path(): string {
  return location.path;
}

export function query(): URLSearchParams {
  return location.query;
}

export function navigate(href: string, options: { replace?: boolean } = {}): void {
  if (options.replace === true) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  moved();
}

export type QueryChange = Readonly<Record<string, string | readonly string[] | null>>;

/** Names with null or an empty list are removed; others keep their place. */
export function changedQuery(before: URLSearchParams, change: QueryChange): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [name, value] of Object.entries(change)) {
    after.delete(name);
    if (value === null) continue;
    for (const one of typeof value === 'string' ? [value] : value) after.append(name, one);
  }
  return after;
}

/** Replaces the history entry: a filter is a view of the same page, not a step back. */
export function setQuery(change: QueryChange): void {
  const after = changedQuery(location.query, change).toString();
  navigate(location.path + (after === '' ? '' : `?${after}`), { replace: true });
}

/** Follows links to this application without loading the document again. */
export function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement)) return;
  if (link.target !== '' || link.hasAttribute('download')) return;
  if (link.origin !== window.location.origin || link.pathname.startsWith('/api/')) return;
  if (link.hash !== '' && link.pathname === window.location.pathname) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
}
