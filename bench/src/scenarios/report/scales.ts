/** Turns values into positions, and says which values to mark. */
export interface Scale {
  /** 0 at the lower end, 1 at the upper. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 5, 10];

/** From 0 to a round number that is at least `most`, in `parts` steps or fewer. */
export function linearScale(most: number, parts = 5): Scale {
  const span = most > 0 ? most : 1;
  const power = 10 ** Math.floor(Math.log10(span / parts));
  const step = power * (STEPS.find((factor) => factor * power * parts >= span) ?? 10);
  const count = Math.max(1, Math.ceil(span / step - 1e-9));
  // Rounded, since the steps of tenths add up to figures with sixteen digits.
  const ticks = Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
  return { at: (value) => value / (count * step), ticks };
}

/** From 0 to exactly `seconds`, with marks at round numbers in between. */
export function timeScale(seconds: number): Scale {
  const span = seconds > 0 ? seconds : 1;
  const { ticks } = linearScale(span, 10);
  return { at: (value) => value / span, ticks: ticks.filter((tick) => tick <= span) };
}

/** By decades, with marks at 1, 2 and 5, around what is positive in `least` … `most`. */
export function logScale(least: number, most: number): Scale {
  const low = Math.max(least, 1e-3);
  const high = Math.max(most, low * 1.01);
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(low)) - 1; decade <= Math.ceil(Math.log10(high)); decade++) {
    for (const factor of [1, 2, 5]) ticks.push(Number((factor * 10 ** decade).toPrecision(6)));
  }
  const first = ticks.findLastIndex((tick) => tick <= low);
  const last = ticks.findIndex((tick) => tick >= high);
  const shown = ticks.slice(Math.max(0, first), last + 1);
  const [bottom = low, top = high] = [shown[0], shown.at(-1)];
  const span = Math.log(top / bottom);
  return { at: (value) => Math.log(Math.max(value, bottom) / bottom) / span, ticks: thin(shown) };
}

/** Over many decades the tens alone are marked. */
function thin(ticks: readonly number[]): readonly number[] {
  const most = 10;
  if (ticks.length <= most) return ticks;
  return ticks.filter((tick, i) => i === 0 || i === ticks.length - 1 || Number.isInteger(Math.log10(tick)));
}
