import type { EChartsOption } from 'echarts';
import type { CsvCell } from '../lib/csv';
import type { Pattern } from '../lib/segments';
import { prefersReducedMotion, resolveColor } from '../lib/theme.svelte';

/** Colours as they are now, in the form that canvases understand. */
export interface ChartTheme {
  ink: string;
  inkSoft: string;
  rule: string;
  surface: string;
  panel: string;
  accent: string;
  color: (variable: string) => string;
  /** There is little width: labels must be short. */
  isNarrow: boolean;
  /** Drawn as text on the canvas: an HTML tooltip would need inline styles and parse foreign names. */
  tooltip: Tooltip;
}

type Tooltip = Extract<EChartsOption['tooltip'], { show?: unknown }>;

/** The same numbers as the chart, for those who read rather than look, and for the CSV file. */
export interface ChartTable {
  columns: readonly { label: string; numeric?: boolean }[];
  /** Exact values; numbers are formatted where they are shown. */
  rows: readonly (readonly CsvCell[])[];
}

/** The datum that was chosen, as the option gave it. */
export interface ChartClick {
  name: string;
  seriesName: string;
  dataIndex: number;
  data: unknown;
}

const FONT = 'ui-sans-serif, system-ui, sans-serif';
const FONT_SIZE = 12;
/** For text that ECharts does not style by itself. */
export const TEXT_FONT = `${FONT_SIZE}px ${FONT}`;

let ruler: CanvasRenderingContext2D | null = null;

/** Pixels that a line of the charts' text takes. */
export function textWidth(line: string): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (ruler === null) return Infinity;
  ruler.font = TEXT_FONT;
  return ruler.measureText(line).width;
}

export function chartTheme(isNarrow = false): ChartTheme {
  const [ink, inkSoft] = [resolveColor('--ink'), resolveColor('--ink-soft')];
  const surface = resolveColor('--surface');
  return {
    ink,
    inkSoft,
    rule: resolveColor('--rule'),
    surface,
    panel: resolveColor('--panel'),
    accent: resolveColor('--accent'),
    color: resolveColor,
    isNarrow,
    tooltip: {
      renderMode: 'richText',
      confine: true,
      backgroundColor: surface,
      borderColor: inkSoft,
      borderWidth: 1,
      padding: [6, 10],
      textStyle: { color: ink, fontSize: FONT_SIZE, fontFamily: FONT },
    },
  };
}

/** What all charts have in common; the chart's own option lies over it. */
export function baseOption(theme: ChartTheme): EChartsOption {
  return {
    animation: !prefersReducedMotion(),
    animationDuration: 250,
    animationDurationUpdate: 250,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: FONT, fontSize: FONT_SIZE, color: theme.ink },
    tooltip: theme.tooltip,
    legend: { show: false },
  };
}

/** The colour of text that can be read on a surface of `color`. */
export function inkOn(color: string): string {
  const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  const isLight = (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255 > 0.5;
  return isLight ? '#14120f' : '#ffffff';
}

export function axisStyle(theme: ChartTheme): {
  axisLine: object;
  axisTick: object;
  axisLabel: object;
  splitLine: object;
  nameTextStyle: object;
} {
  return {
    axisLine: { lineStyle: { color: theme.inkSoft } },
    axisTick: { show: false },
    axisLabel: { color: theme.inkSoft, fontSize: FONT_SIZE, hideOverlap: true },
    splitLine: { lineStyle: { color: theme.rule } },
    nameTextStyle: { color: theme.inkSoft, fontSize: FONT_SIZE },
  };
}

/** The pattern of a segment, drawn over its colour: thin, so that the colour stays what is seen. */
export function decalOf(pattern: Pattern, theme: ChartTheme): object {
  const line = { color: theme.surface, symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 6] };
  switch (pattern) {
    case 'plain':
      return { symbol: 'none' };
    case 'diagonal':
      return { ...line, rotation: Math.PI / 4 };
    case 'counter-diagonal':
      return { ...line, rotation: -Math.PI / 4 };
    case 'stripes':
      return { ...line, rotation: 0 };
    case 'dots':
      return {
        color: theme.surface,
        symbol: 'circle',
        symbolSize: 0.5,
        dashArrayX: [[4, 0]],
        dashArrayY: [4, 0],
      };
  }
}
