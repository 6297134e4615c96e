import { escapeHtml, round } from '../scenarios/report/frame.ts';
import { logScale, type Scale } from '../scenarios/report/scales.ts';
import { PALETTE } from '../scenarios/report/style.ts';
import { figureText } from './figure-text.ts';
import { spreadLabels } from './spread-labels.ts';

/** A median at a number of writers, and the runs' extremes. */
export interface PanelPoint {
  readonly writers: number;
  readonly value: number;
  readonly least: number;
  readonly most: number;
}

/** One server's line. */
export interface PanelLine {
  readonly name: string;
  /** Name of a colour of the palette. */
  readonly tone: string;
  readonly isDashed: boolean;
  readonly points: readonly PanelPoint[];
}

/** One plot of several below each other. */
export interface Panel {
  readonly heading: string;
  readonly unit: string;
  readonly lines: readonly PanelLine[];
}

const WIDTH = 1_020;
const PANEL_HEIGHT = 270;
const TITLE_HEIGHT = 44;
const LEFT = 66;
/** Room for the labels. */
const RIGHT = 280;
const TOP = 34;
const BOTTOM = 46;
const LABEL_GAP = 15;
/** Marks closer than this would touch. */
const MARK_GAP = 13;
const COUNT_GAP = 46;

const STYLE = `${PALETTE}
text { font: 12px system-ui, sans-serif; fill: var(--ink) } .soft { fill: var(--soft) } .title { font-size: 17px; font-weight: 600 }
.heading { font-size: 13px; font-weight: 600 } .paper { fill: var(--paper) } .grid { stroke: var(--rule) }
.line { fill: none; stroke-width: 2; stroke-linejoin: round } .dashed { stroke-dasharray: 6 4 } .range { stroke-width: 1.2; opacity: .55 }
.leader { stroke-width: 1; opacity: .45; fill: none } .label { font-weight: 600 }
${['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((tone) => `.${tone} { stroke: var(--${tone}) } circle.${tone}, text.${tone} { fill: var(--${tone}); stroke: none }`).join('\n')}
`;

/** A whole SVG file: panels below each other, both axes in decades, every line labelled at its end. */
export function panelChart(title: string, panels: readonly Panel[]): string {
  const height = TITLE_HEIGHT + panels.length * PANEL_HEIGHT;
  const body = panels.map((panel, i) => drawPanel(panel, TITLE_HEIGHT + i * PANEL_HEIGHT));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style><rect class="paper" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="${LEFT}" y="28">${escapeHtml(title)}</text>`,
    `<text class="soft" text-anchor="end" x="${WIDTH - 14}" y="28">medians; upright lines: least to most of the runs</text>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel({ heading, unit, lines }: Panel, offset: number): string {
  const points = lines.flatMap((line) => line.points);
  const writers = [...new Set(points.map((point) => point.writers))].sort((a, b) => a - b);
  const values = points.flatMap(({ least, most }) => [least, most]).filter((value) => value > 0);
  const scale = logScale(Math.min(...values), Math.max(...values));
  const [first = 1, last = 1] = [writers[0], writers.at(-1)];
  // A plot of one number of writers has no width to divide.
  const span = Math.log(last / first) || 1;
  const x = (count: number): number => LEFT + (Math.log(count / first) / span) * (WIDTH - LEFT - RIGHT);
  const floor = offset + PANEL_HEIGHT - BOTTOM;
  const y = (value: number): number => floor - scale.at(value) * (PANEL_HEIGHT - TOP - BOTTOM);
  return [
    `<text class="heading" x="${LEFT}" y="${offset + 18}">${escapeHtml(heading)} <tspan class="soft" font-weight="400">${escapeHtml(unit)}</tspan></text>`,
    rules(scale, y),
    ...writers.map((count, i) => {
      const before = writers[i - 1];
      const isClose = before !== undefined && x(count) - x(before) < COUNT_GAP;
      const row = floor + (isClose ? 31 : 17);
      return (
        `<line class="grid" x1="${round(x(count))}" x2="${round(x(count))}" y1="${offset + TOP}" y2="${floor}"/>` +
        `<text class="soft" text-anchor="middle" x="${round(x(count))}" y="${row}">${amount(count)}</text>`
      );
    }),
    `<text class="soft" text-anchor="end" x="${LEFT - 12}" y="${floor + 17}">writers</text>`,
    ...lines.map((line) => drawLine(line, x, y)),
    labels(lines, x, y, offset + TOP + 4, floor),
  ].join('\n');
}

function rules({ ticks }: Scale, y: Position): string {
  // At the ends of a scale there may be marks between two decades.
  const crowds = (tick: number): boolean =>
    !Number.isInteger(Math.log10(tick)) &&
    ticks.some((other) => other !== tick && Math.abs(y(other) - y(tick)) < MARK_GAP);
  return ticks
    .map((tick) => {
      const at = round(y(tick));
      const word = crowds(tick) ? '' : amount(tick);
      const mark = `<text class="soft" text-anchor="end" x="${LEFT - 8}" y="${round(y(tick) + 4)}">${word}</text>`;
      return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>${mark}`;
    })
    .join('');
}

function drawLine({ name, tone, isDashed, points }: PanelLine, x: Position, y: Position): string {
  const path = points.map(({ writers, value }) => `${round(x(writers))},${round(y(value))}`).join(' ');
  const marks = points.map(({ writers, value, least, most }) => {
    const at = round(x(writers));
    const range =
      least < most
        ? `<line class="range ${tone}" x1="${at}" x2="${at}" y1="${round(y(least))}" y2="${round(y(most))}"/>`
        : '';
    const said = `<title>${escapeHtml(`${name}, ${writers} writers: ${figureText(value)}`)}</title>`;
    return `${range}<circle class="${tone}" cx="${at}" cy="${round(y(value))}" r="3.5">${said}</circle>`;
  });
  return `<g><polyline class="line ${tone}${isDashed ? ' dashed' : ''}" points="${path}"/>${marks.join('')}</g>`;
}

function labels(lines: readonly PanelLine[], x: Position, y: Position, top: number, bottom: number): string {
  const ends = lines.flatMap(({ name, tone, points }) => {
    const last = points.at(-1);
    return last === undefined ? [] : [{ name, tone, last }];
  });
  const heights = spreadLabels(
    ends.map(({ last }) => y(last.value)),
    LABEL_GAP,
    top,
    bottom,
  );
  const from = WIDTH - RIGHT + 24;
  return ends
    .map(({ name, tone, last }, i) => {
      const height = heights[i] ?? 0;
      const leader = `${round(x(last.writers) + 5)},${round(y(last.value))} ${from - 4},${round(height)}`;
      const text = `${escapeHtml(name)}: ${figureText(last.value)}`;
      return `<polyline class="leader ${tone}" points="${leader}"/><text class="label ${tone}" x="${from}" y="${round(height + 4)}">${text}</text>`;
    })
    .join('');
}

type Position = (value: number) => number;

function amount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 4 });
}
