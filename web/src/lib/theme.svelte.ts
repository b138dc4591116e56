const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'medallion.theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');

function savedTheme(): Theme {
  const saved = document.documentElement.dataset['theme'];
  return THEMES.find((theme) => theme === saved) ?? 'system';
}

const current = $state({ theme: savedTheme(), systemIsDark: systemDark.matches });
systemDark.addEventListener('change', ({ matches }) => (current.systemIsDark = matches));

export function theme(): Theme {
  return current.theme;
}

/** What is seen: charts draw anew when it changes. */
export function isDark(): boolean {
  return current.theme === 'system' ? current.systemIsDark : current.theme === 'dark';
}

export function setTheme(next: Theme): void {
  current.theme = next;
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
  try {
    if (next === 'system') localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

/** The colour that a CSS custom property has now, as rgb(): canvases know no variables. */
export function resolveColor(variable: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${variable})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

export function prefersReducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
