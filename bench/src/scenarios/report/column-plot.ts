import { escapeHtml, frame, HEIGHT, round, WIDTH } from './frame.ts';
import { legend } from './line-plot.ts';
import { linearScale, timeScale } from './scales.ts';

/** Counts of one stretch of time, by kind. */
export interface Column {
  /** Its middle, seconds. */
  readonly at: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** What to plot. */
export interface ColumnPlot {
  readonly unit: string;
  readonly seconds: number;
  /** Width of a column, seconds. */
  readonly width: number;
  readonly columns: readonly Column[];
  /** In the order in which they are stacked, from below. */
  readonly kinds: readonly { readonly name: string; readonly tone: string }[];
}

/** An SVG element with a stack for each stretch of time, and a legend. */
export function columnPlot({ unit, seconds, width, columns, kinds }: ColumnPlot): string {
  const total = ({ counts }: Column): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
  const most = columns.reduce((highest, column) => Math.max(highest, total(column)), 0);
  const { x, y, svg } = frame(timeScale(seconds), linearScale(most), unit);
  const wide = Math.max(1, x(width) - x(0) - 1);
  const boxes = columns.flatMap((column) => {
    let below = 0;
    return kinds.flatMap(({ name, tone }) => {
      const count = column.counts[name] ?? 0;
      if (count === 0) return [];
      const top = y(below + count);
      const height = y(below) - top;
      below += count;
      const title = `<title>${escapeHtml(`${name}: ${count} at ${column.at.toFixed(0)} s`)}</title>`;
      const left = round(x(column.at) - wide / 2);
      return [
        `<rect class="${tone} dot" x="${left}" y="${round(top)}" width="${round(wide)}" height="${round(height)}">${title}</rect>`,
      ];
    });
  });
  const label = escapeHtml(`${unit} over time, by kind`);
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${svg}${boxes.join('')}</svg>${legend(kinds)}`;
}
