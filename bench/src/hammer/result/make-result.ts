import { type GeneratorLoad, OwnLoad } from '../measure/own-load.ts';
import type { HammerOptions } from '../options.ts';
import type { RunParts } from '../run-parts.ts';
import type { HammerResult } from './hammer-result.ts';

/** What counts for rates: all that was done when the writing stopped. */
export interface Measured {
  readonly seconds: number;
  readonly accepted: number;
  readonly acceptedBytes: number;
  readonly reads: number;
  readonly readBytes: number;
  readonly generator: GeneratorLoad;
}

/** Measures from its construction to the stop of the run. */
export class Meter {
  readonly #startedMs: number = performance.now();
  readonly #ownLoad: OwnLoad = new OwnLoad();
  readonly #parts: RunParts;
  #measured: Measured | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
    parts.stop.signal.addEventListener('abort', () => {
      this.#measured ??= this.#measure();
    });
  }

  /** Time so far. */
  get seconds(): number {
    return (performance.now() - this.#startedMs) / 1_000;
  }

  /** What was there when the writing stopped, or is there now. */
  get measured(): Measured {
    return this.#measured ?? this.#measure();
  }

  #measure(): Measured {
    const { writes, reads } = this.#parts;
    return {
      seconds: this.seconds,
      accepted: writes.accepted,
      acceptedBytes: writes.bytes,
      reads: reads.count,
      readBytes: reads.bytes,
      generator: this.#ownLoad.measure(),
    };
  }
}

/** Puts the result of a run together. */
export function makeResult(options: HammerOptions, parts: RunParts, measured: Measured): HammerResult {
  const { clock, counts, follower, judge, pools, reads, stop, target, writes } = parts;
  const { seconds } = measured;
  const perSecond = (count: number): number => Number((count / seconds).toPrecision(5));
  return {
    ok: judge.violations.length === 0,
    ended: stop.ending ?? 'time',
    target: {
      url: pools.writes.endpoint.url,
      kind: target.kind.name,
      origin: target.log.origin,
      sizeAtStart: target.checkpoint.size,
      sizeAtEnd: follower.published.size,
    },
    load: {
      writers: options.writers,
      randomReaders: options.randomReaders,
      fullReaders: options.fullReaders,
      leafSize: target.kind.name === 'raw' ? options.leafSize : undefined,
    },
    seconds: Number(seconds.toFixed(3)),
    writes: {
      accepted: writes.accepted,
      perSecond: perSecond(measured.accepted),
      bytesPerSecond: perSecond(measured.acceptedBytes),
      duplicates: writes.duplicates,
      pushbacks: writes.pushbacks,
      errors: writes.errors.byKind(),
      latency: writes.latency.summary(),
      latencySinceDue: writes.sinceDue.summary(),
    },
    integration: {
      latency: clock.latency.summary(),
      checkpointReadEvery: follower.gaps.summary(),
    },
    reads: {
      count: reads.count,
      perSecond: perSecond(measured.reads),
      bytesPerSecond: perSecond(measured.readBytes),
      pushbacks: reads.pushbacks,
      errors: reads.errors.byKind(),
      latency: reads.latency.summary(),
    },
    checks: counts,
    generator: measured.generator,
    violations: judge.violations.map(({ kind, message }) => ({ kind, message })),
  };
}
