import type { GrowthFinding } from '../growth/growth-case.ts';
import { FuzzRandom } from '../random/fuzz-random.ts';
import { BrokenRule } from './broken-rule.ts';
import type { FuzzTarget, InputKind } from './fuzz-target.ts';

/** What a run over one target found. */
export interface TargetReport {
  readonly name: string;
  readonly about: string;
  readonly seed: number;
  readonly inputs: number;
  readonly seconds: number;
  /** Longest time that one input took, milliseconds. */
  readonly slowestMs: number;
  readonly kinds: Readonly<Record<InputKind, number>>;
  /** How many inputs were damaged in each way. */
  readonly how: Readonly<Record<string, number>>;
  /** How many inputs reached each check. */
  readonly reached: Readonly<Record<string, number>>;
  /** Checks that no input reached. */
  readonly unreached: readonly string[];
  readonly violation: FuzzFailure | undefined;
  /** How its time grows; of targets that say what to measure, where it was measured. */
  readonly growth?: readonly GrowthFinding[];
}

/** An input that broke a rule. */
export interface FuzzFailure {
  readonly input: number;
  readonly message: string;
}

/** How a target is run. */
export interface TargetRun {
  readonly seed: number;
  /** Inputs from 0 up to, without, this one. */
  readonly inputs: number;
  /** Told before each input. */
  readonly watch?: (input: number) => void;
}

/** Runs a target until an input breaks a rule, or all were judged. */
export async function runTarget(target: FuzzTarget, { seed, inputs, watch }: TargetRun): Promise<TargetReport> {
  const prepared = await target.prepare(seed);
  const kinds = { valid: 0, damaged: 0, random: 0 };
  const how = new Map<string, number>();
  const reached = new Map<string, number>([...target.reaches, ...(target.mayReach ?? [])].map((name) => [name, 0]));
  let violation: FuzzFailure | undefined;
  let slowestMs = 0;
  let input = 0;
  const started = performance.now();
  let before = started;
  try {
    for (; input < inputs && violation === undefined; input++) {
      watch?.(input);
      try {
        const judged = prepared.run(new FuzzRandom(seed, target.name, input));
        // A decoder without a promise needs no turn of the microtask queue for each input.
        const outcome = judged instanceof Promise ? await judged : judged;
        kinds[outcome.kind] += 1;
        for (const way of outcome.how) how.set(way, (how.get(way) ?? 0) + 1);
        for (const name of outcome.reached) {
          const count = reached.get(name);
          if (count === undefined) throw new BrokenRule(`'${name}' was reached, which the target does not know of`);
          reached.set(name, count + 1);
        }
      } catch (error) {
        violation = { input, message: describe(error) };
      }
      const now = performance.now();
      slowestMs = Math.max(slowestMs, now - before);
      before = now;
    }
  } finally {
    await prepared.close?.();
  }
  return {
    name: target.name,
    about: target.about,
    seed,
    inputs: input,
    seconds: (performance.now() - started) / 1000,
    slowestMs,
    kinds,
    how: Object.fromEntries(how),
    reached: Object.fromEntries(reached),
    unreached: target.reaches.filter((name) => reached.get(name) === 0),
    violation,
  };
}

/** Runs one input of a target alone, the very one that a whole run would make. Throws what it breaks. */
export async function runInput(target: FuzzTarget, seed: number, input: number): Promise<readonly string[]> {
  const prepared = await target.prepare(seed);
  try {
    const { kind, how, reached } = await prepared.run(new FuzzRandom(seed, target.name, input));
    return [`input: ${kind}${how.length > 0 ? ` (${how.join(', ')})` : ''}`, `reached: ${reached.join(', ')}`];
  } finally {
    await prepared.close?.();
  }
}

/** A broken rule speaks for itself; of anything else it matters where it came from. */
export function describe(error: unknown): string {
  if (error instanceof BrokenRule) return error.message;
  return `an exception escaped: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
