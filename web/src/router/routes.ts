import type { Component } from 'svelte';
import type { IconName } from '../ui/icons/icons';
import { matchPath } from './match';

type Params = Record<string, string>;

export interface Route {
  pattern: string;
  /** Loads the page; the named parts of the path become its props. */
  load: () => Promise<{ default: Component<Params> }>;
}

/** A page takes exactly the named parts of its pattern, which the type of a route cannot say. */
function page(pattern: string, load: () => Promise<{ default: unknown }>): Route {
  return { pattern, load: load as Route['load'] };
}

export const routes: readonly Route[] = [
  page('/', () => import('../pages/overview/Overview.svelte')),
  page('/segments', () => import('../pages/segments/Segments.svelte')),
  page('/customers', () => import('../pages/customers/Customers.svelte')),
  page('/customers/:id', () => import('../pages/customers/Customer.svelte')),
  page('/quality', () => import('../pages/quality/Quality.svelte')),
  page('/pipeline', () => import('../pages/pipeline/Pipeline.svelte')),
  page('/pipeline/updates/:id', () => import('../pages/pipeline/UpdatePage.svelte')),
  page('/tables', () => import('../pages/tables/Tables.svelte')),
  page('/tables/:name', () => import('../pages/tables/Table.svelte')),
];

export interface NavigationEntry {
  href: string;
  label: string;
  icon: IconName;
}

export const navigation: readonly NavigationEntry[] = [
  { href: '/', label: 'Overview', icon: 'overview' },
  { href: '/segments', label: 'Segments', icon: 'segments' },
  { href: '/customers', label: 'Customers', icon: 'customers' },
  { href: '/quality', label: 'Quality', icon: 'quality' },
  { href: '/pipeline', label: 'Pipeline', icon: 'pipeline' },
  { href: '/tables', label: 'Tables', icon: 'tables' },
];

export interface FoundRoute {
  route: Route;
  params: Params;
}

export function findRoute(path: string): FoundRoute | null {
  for (const route of routes) {
    const params = matchPath(route.pattern, path);
    if (params !== null) return { route, params };
  }
  return null;
}

/** Whether `path` is the entry's page or one below it. */
export function isWithin(entry: NavigationEntry, path: string): boolean {
  return entry.href === '/' ? path === '/' : `${path}/`.startsWith(`${entry.href}/`);
}
