import type { Scale } from './scales.ts';

/** Outer size of every plot, and what its axes take of it. */
export const WIDTH = 960;
export const HEIGHT = 260;
const LEFT = 62;
const RIGHT = 14;
const TOP = 26;
const BOTTOM = 30;

/** What a plot is drawn in: its axes, and where things are. */
export interface Frame {
  readonly x: (seconds: number) => number;
  readonly y: (value: number) => number;
  /** Axes, grid and their words. */
  readonly svg: string;
}

/** Axes for seconds to the right, and whatever `scale` is for upwards. */
export function frame(time: Scale, scale: Scale, unit: string): Frame {
  const x = (seconds: number): number => LEFT + time.at(seconds) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - scale.at(value) * (HEIGHT - TOP - BOTTOM);
  const right = WIDTH - RIGHT;
  const rows = scale.ticks.map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${right}" y1="${round(y(tick))}" y2="${round(y(tick))}"/>` +
      `<text class="mark" text-anchor="end" x="${LEFT - 6}" y="${round(y(tick) + 4)}">${tick}</text>`,
  );
  const columns = time.ticks.map(
    (tick, i) =>
      `<line class="grid" x1="${round(x(tick))}" x2="${round(x(tick))}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>` +
      `<text class="mark" text-anchor="middle" x="${round(x(tick))}" y="${HEIGHT - BOTTOM + 17}">${tick}${i === time.ticks.length - 1 ? ' s' : ''}</text>`,
  );
  const label = `<text class="mark" x="${LEFT}" y="${TOP - 10}">${escapeHtml(unit)}</text>`;
  return { x, y, svg: [...rows, ...columns, label].join('') };
}

/** Coordinates need a tenth of a pixel. */
export function round(value: number): string {
  return String(Number(value.toFixed(1)));
}

/** Text that may stand in HTML and SVG, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
