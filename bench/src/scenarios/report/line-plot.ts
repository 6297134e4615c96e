import { escapeHtml, frame, HEIGHT, round, WIDTH } from './frame.ts';
import { linearScale, logScale, type Scale, timeScale } from './scales.ts';

/** A value at a time; undefined where there is none, which leaves a gap. */
export interface Point {
  /** Seconds. */
  readonly at: number;
  readonly value: number | undefined;
}

/** One line of a plot. */
export interface Line {
  readonly name: string;
  /** CSS class that gives it its colour. */
  readonly tone: string;
  readonly points: readonly Point[];
}

/** What to plot. */
export interface LinePlot {
  /** Of the values, above their axis. */
  readonly unit: string;
  /** Length of the run. */
  readonly seconds: number;
  readonly lines: readonly Line[];
  /** Decades instead of equal steps: for latencies. */
  readonly isLog?: boolean;
}

/** An SVG element with lines over time, and a legend in the order of the lines. */
export function linePlot({ unit, seconds, lines, isLog = false }: LinePlot): string {
  const values = lines.flatMap(({ points }) => points.flatMap(({ value }) => (value === undefined ? [] : [value])));
  const { x, y, svg } = frame(timeScale(seconds), scaleOf(values, isLog), unit);
  const drawn = lines.map(({ name, tone, points }) => {
    const shapes = runs(points).map((run) => {
      const [first] = run;
      if (run.length === 1 && first !== undefined) {
        return `<circle class="${tone} dot" cx="${round(x(first.at))}" cy="${round(y(first.value))}" r="2.5"/>`;
      }
      const path = run.map(({ at, value }) => `${round(x(at))},${round(y(value))}`).join(' ');
      return `<polyline class="${tone} line" points="${path}"/>`;
    });
    return `<g><title>${escapeHtml(name)}</title>${shapes.join('')}</g>`;
  });
  const label = escapeHtml(`${lines.map(({ name }) => name).join(', ')} over time, ${unit}`);
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${svg}${drawn.join('')}</svg>${legend(lines)}`;
}

/** Names with their colours, below a plot. */
export function legend(items: readonly { readonly name: string; readonly tone: string }[]): string {
  const entries = items.map(({ name, tone }) => `<li><i class="${tone}"></i>${escapeHtml(name)}</li>`);
  return `<ul class="legend">${entries.join('')}</ul>`;
}

function scaleOf(values: readonly number[], isLog: boolean): Scale {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const positive = values.filter((value) => value > 0);
  return isLog && positive.length > 0
    ? logScale(
        positive.reduce((a, b) => Math.min(a, b), most),
        most,
      )
    : linearScale(most);
}

interface Known {
  readonly at: number;
  readonly value: number;
}

function runs(points: readonly Point[]): Known[][] {
  const all: Known[][] = [[]];
  for (const { at, value } of points) {
    if (value === undefined) all.push([]);
    else all.at(-1)?.push({ at, value });
  }
  return all.filter((run) => run.length > 0);
}
