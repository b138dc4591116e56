/** Keys that work anywhere on a page. They can be turned off: speech input types letters too. */

export interface Shortcut {
  keys: string;
  does: string;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: '/', does: 'Search for a customer' },
  { keys: '?', does: 'Show these shortcuts' },
  { keys: 'g o', does: 'Go to Overview' },
  { keys: 'g s', does: 'Go to Segments' },
  { keys: 'g c', does: 'Go to Customers' },
  { keys: 'g q', does: 'Go to Quality' },
  { keys: 'g p', does: 'Go to Pipeline' },
  { keys: 'g t', does: 'Go to Tables' },
  { keys: 'Esc', does: 'Close what is open' },
];

const STORAGE_KEY = 'medallion.shortcuts';

function savedChoice(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== 'off';
  } catch {
    return true;
  }
}

const choice = $state({ on: savedChoice() });

export function shortcutsAreOn(): boolean {
  return choice.on;
}

export function setShortcuts(on: boolean): void {
  choice.on = on;
  try {
    localStorage.setItem(STORAGE_KEY, on ? 'on' : 'off');
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

/** Whether the key belongs to what has the focus, such as a text field. */
export function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, select, textarea, dialog *');
}
