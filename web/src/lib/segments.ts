/** One colour per segment, the same on every page, in every chart and in both themes. */

export const SCHEMES = ['rule', 'score', 'cluster'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** How a surface is filled besides its colour, so that colour is never the only sign. */
export type Pattern = 'plain' | 'diagonal' | 'dots' | 'stripes' | 'counter-diagonal';

export interface SegmentStyle {
  /** Name of a CSS custom property defined in tokens.css. */
  variable: string;
  pattern: Pattern;
}

/** Maps, not objects: names come from data, and an object also has names it was never given. */
const TIERS: ReadonlyMap<string, string> = new Map([
  ['High Value', 'high'],
  ['Growing Value', 'growing'],
  ['Base Value', 'base'],
]);
const ENGAGEMENTS: ReadonlyMap<string, { step: string; pattern: Pattern }> = new Map([
  ['Active & Engaged', { step: 'active', pattern: 'plain' }],
  ['At Risk', { step: 'at-risk', pattern: 'diagonal' }],
  ['Developing', { step: 'developing', pattern: 'dots' }],
  ['Inactive', { step: 'inactive', pattern: 'stripes' }],
]);

/** Order is from the most to the least valuable; it is also the order of legends. */
const SCORE_NAMES = [
  'Champions',
  'Loyal',
  'Potential Loyalist',
  'New',
  'Promising',
  'Need Attention',
  'About to Sleep',
  'At Risk',
  'Cannot Lose Them',
  'Hibernating',
  'Lost',
] as const;

const OUTLIERS: ReadonlyMap<string, SegmentStyle & { label: string }> = new Map([
  ['-1', { variable: '--outlier-1', pattern: 'diagonal', label: 'Outliers by spend' }],
  ['-2', { variable: '--outlier-2', pattern: 'counter-diagonal', label: 'Outliers by orders' }],
  ['-3', { variable: '--outlier-3', pattern: 'stripes', label: 'Outliers by both' }],
]);

export const CATEGORY_COUNT = 12;
const CATEGORY_PATTERNS: readonly Pattern[] = ['plain', 'diagonal', 'dots', 'counter-diagonal'];

function category(index: number): SegmentStyle {
  const slot = index % CATEGORY_COUNT;
  return {
    variable: `--category-${slot}`,
    pattern: CATEGORY_PATTERNS[slot % CATEGORY_PATTERNS.length] ?? 'plain',
  };
}

/** FNV-1a: an unknown name has the same colour in every session. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return value;
}

function splitRuleSegment(name: string): [tier: string, engagement: string] | null {
  const at = name.indexOf(' - ');
  return at < 0 ? null : [name.slice(0, at), name.slice(at + 3)];
}

function ruleStyle(name: string): SegmentStyle | null {
  const [tierName, engagementName] = splitRuleSegment(name) ?? [];
  const tier = TIERS.get(tierName ?? '');
  const engagement = ENGAGEMENTS.get(engagementName ?? '');
  if (tier === undefined || engagement === undefined) return null;
  return { variable: `--segment-${tier}-${engagement.step}`, pattern: engagement.pattern };
}

function clusterStyle(id: string): SegmentStyle | null {
  return OUTLIERS.get(id) ?? (/^\d+$/.test(id) ? category(Number(id)) : null);
}

function scoreStyle(name: string): SegmentStyle | null {
  const index = SCORE_NAMES.findIndex((known) => known === name);
  return index < 0 ? null : category(index);
}

/** `name` is a rule segment, a score-based name or a cluster id, by `scheme`. */
export function segmentStyle(scheme: Scheme, name: string): SegmentStyle {
  const known = { rule: ruleStyle, score: scoreStyle, cluster: clusterStyle }[scheme](name);
  return known ?? category(hash(name));
}

/** Colour for CSS. Charts resolve the variable first, see theme.svelte.ts. */
export function segmentColor(scheme: Scheme, name: string): string {
  return `var(${segmentStyle(scheme, name).variable})`;
}

export function isOutlierGroup(scheme: Scheme, name: string): boolean {
  return scheme === 'cluster' && OUTLIERS.has(name);
}

/** What people read for a segment's key; clusters carry their number so that equal names differ. */
export function segmentLabel(scheme: Scheme, name: string): string {
  if (scheme !== 'cluster') return name;
  return OUTLIERS.get(name)?.label ?? `Cluster ${name}`;
}

/** Where there is little width: "High, active" for "High Value - Active & Engaged". */
export function segmentShortLabel(scheme: Scheme, name: string): string {
  const [tier, engagement] = scheme === 'rule' ? (splitRuleSegment(name) ?? []) : [];
  if (tier === undefined || engagement === undefined) return segmentLabel(scheme, name);
  const [state = ''] = engagement.split(' & ');
  return `${tier.replace(/ Value$/, '')}, ${state.toLowerCase()}`;
}

function rank(scheme: Scheme, name: string): number {
  if (scheme === 'score') return SCORE_NAMES.findIndex((known) => known === name) >>> 0;
  if (scheme === 'cluster') return Number(name) < 0 ? 1000 - Number(name) : Number(name);
  const [tier, engagement] = splitRuleSegment(name) ?? [];
  const tierRank = [...TIERS.keys()].indexOf(tier ?? '') >>> 0;
  return tierRank * 10 + [...ENGAGEMENTS.keys()].indexOf(engagement ?? '');
}

/** Order of legends, tables and stacks: best first, outliers last, unknown names after those by name. */
export function compareSegments(scheme: Scheme, a: string, b: string): number {
  return rank(scheme, a) - rank(scheme, b) || a.localeCompare(b);
}
