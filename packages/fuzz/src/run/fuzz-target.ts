import type { GrowthCase } from '../growth/growth-case.ts';
import type { FuzzRandom } from '../random/fuzz-random.ts';

/** What an input was: something valid as it is; something valid, damaged; bytes that were never valid. */
export type InputKind = 'valid' | 'damaged' | 'random';

/** What came of one input that broke no rule. */
export interface FuzzOutcome {
  readonly kind: InputKind;
  /** What was done to it. */
  readonly how: readonly string[];
  /** The checks that had a word in it: the one that refused it, or what it was taken for. */
  readonly reached: readonly string[];
}

/** A target with its valid inputs made. */
export interface PreparedTarget {
  /** Makes one input, hands it to the decoder and judges the outcome. Throws when a rule is broken. */
  run(random: FuzzRandom): FuzzOutcome | Promise<FuzzOutcome>;
  /** Removes what it left outside of memory. */
  close?(): Promise<void>;
}

/** One decoder, or one group of them, and what must hold for whatever it is given. */
export interface FuzzTarget {
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  /** Of a million inputs it runs this many: what opens files on a real disk is slow. */
  readonly perMillion: number;
  /** Everything that `reached` can say; each must be said at least once in a whole run. */
  readonly reaches: readonly string[];
  /** What `reached` can say as well: so rare here that it need not be said. */
  readonly mayReach?: readonly string[];
  /** Inputs of growing size, where that has no bound of a few hundred bytes: time must grow no faster. */
  readonly growth?: readonly GrowthCase[];
  /** Makes the valid inputs. The same for every run with one seed. */
  prepare(seed: number): PreparedTarget | Promise<PreparedTarget>;
}
