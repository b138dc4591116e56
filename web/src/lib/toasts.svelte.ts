import { announce } from './announce.svelte';

export interface Toast {
  id: number;
  text: string;
  kind: 'info' | 'good' | 'bad';
}

const SHOWN_MS = 6_000;
const shown = $state<Toast[]>([]);
let lastId = 0;

export function toasts(): readonly Toast[] {
  return shown;
}

export function dismissToast(id: number): void {
  const index = shown.findIndex((toast) => toast.id === id);
  if (index >= 0) shown.splice(index, 1);
}

/** Bad news stays until it is dismissed. */
export function showToast(text: string, kind: Toast['kind'] = 'info'): void {
  const id = (lastId += 1);
  shown.push({ id, text, kind });
  announce(text);
  if (kind !== 'bad') setTimeout(() => dismissToast(id), SHOWN_MS);
}
