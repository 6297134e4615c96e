import { crashPlan } from './crash-plan.ts';
import type { CrashSite } from './crash-site.ts';
import type { FileRecording } from './files/file-recording.ts';
import { type Moment, promisedBy } from './life/promises.ts';

/** When to stop. */
export interface CrashBounds {
  readonly images: number;
  readonly seconds: number;
  /** A broken rule breaks hundreds of images: a few tell which. */
  readonly violations: number;
  readonly seed: number;
}

/** A broken promise, and how to see it again. */
export interface Violation {
  readonly broken: string;
  /** What had just happened. */
  readonly after: string;
  /** The recording in which it shows, when that is not the one that was used, and where in it. */
  readonly recording: FileRecording | undefined;
  readonly moment: Moment;
  readonly choice: number;
}

/** What came of a number of power losses. */
export interface CrashReport {
  /** Moments at which power failed at least once. */
  readonly moments: number;
  /** Images that were made real, recovered and judged. */
  readonly images: number;
  /** Power losses that left what another had left before, with no more promised: not tried again. */
  readonly alike: number;
  readonly seconds: number;
  readonly violations: readonly Violation[];
}

const SAY_EVERY_MS = 5_000;
/** So many rounds without an image that is new: there are no more. */
const BARREN_ROUNDS = 3;

/** Fails the power again and again, and judges what is left each time. */
export async function runCrashes(
  site: CrashSite,
  bounds: CrashBounds,
  say: (line: string) => void,
): Promise<CrashReport> {
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1_000;
  const seen = new Map<string, number>();
  const moments = new Set<Moment>();
  const violations: Violation[] = [];
  let images = 0;
  let alike = 0;
  let said = started;
  let fruitful = 0;
  for (const { moment, choice, round } of crashPlan(site, bounds.seed)) {
    if (images >= bounds.images || elapsed() > bounds.seconds || violations.length >= bounds.violations) break;
    if (round - fruitful > BARREN_ROUNDS) break;
    moments.add(moment);
    const promised = promisedBy(site.promises, moment);
    const told = promised.answers.length + promised.signed.length + promised.served.length;
    const image = await site.image(moment, choice);
    if ((seen.get(image.digest) ?? -1) >= told) {
      alike += 1;
      continue;
    }
    seen.set(image.digest, told);
    fruitful = round;
    const judged = await image.judge(`power loss ${images}`, promised);
    images += judged.images;
    if (judged.broken !== undefined) {
      const { broken, within } = judged;
      const after = site.describe(moment);
      violations.push({ broken, after, recording: undefined, moment, choice, ...within });
      say(`VIOLATION at mark ${moment}, choice ${choice}, after ${after}: ${broken}`);
    }
    if (performance.now() - said > SAY_EVERY_MS) {
      said = performance.now();
      say(`  ${images} images in ${elapsed().toFixed(0)} s, ${(images / elapsed()).toFixed(1)} a second`);
    }
  }
  return { moments: moments.size, images, alike, seconds: elapsed(), violations };
}
