import type { FuzzTarget } from './fuzz-target.ts';

/** The targets that one command runs. */
export interface FuzzSuite {
  /** Name of the npm script, which messages show. */
  readonly command: string;
  /** What it does, for its help: paragraphs of at most 120 columns. */
  readonly about: string;
  /** What is to be known as well, for the end of its help: sentences. */
  readonly remark: string;
  readonly targets: readonly FuzzTarget[];
  /** A module that calls `runThread` with these targets: each runs in a thread of its own. */
  readonly thread: URL;
}

/** The target of this name. */
export function targetNamed(targets: readonly FuzzTarget[], name: string): FuzzTarget | undefined {
  return targets.find((target) => target.name === name);
}

/** How many inputs of a target a run of `inputs` takes: at least one. */
export function inputsOf({ perMillion }: FuzzTarget, inputs: number): number {
  return Math.max(1, Math.ceil((inputs * perMillion) / 1_000_000));
}
