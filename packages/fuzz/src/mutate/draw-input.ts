import type { FuzzRandom } from '../random/fuzz-random.ts';
import type { InputKind } from '../run/fuzz-target.ts';
import { mutateBytes } from './mutate-bytes.ts';
import type { Sample } from './sample.ts';

/** Of a hundred inputs, so many are valid as they are, and so many were never valid; the others are damaged. */
const VALID = 0.02;
const RANDOM = 0.04;
/** How often damage that changed nothing is done again. */
const MOST_TRIES = 8;

/** One input for a decoder of bytes. */
export interface DrawnInput {
  readonly kind: InputKind;
  readonly bytes: Uint8Array;
  /** What it was made from. */
  readonly sample: Sample;
  readonly how: readonly string[];
  /** Whether its checksums were made anew: then what it says need not have been written by anybody. */
  readonly forged: boolean;
}

/** How the inputs of a target are made. */
export interface InputRecipe {
  readonly samples: readonly Sample[];
  /** Length of a block, in bytes. */
  readonly unit: number;
  /** Of decoders that are given so many bytes and no others: most inputs are cut or filled up to it. */
  readonly length?: number;
  /** Makes the checksums in `bytes` fit again, all or some; of decoders that have any. */
  readonly reseal?: (bytes: Uint8Array, random: FuzzRandom) => void;
}

/** Draws one input: mostly something valid that was damaged, and half of these with checksums that fit the damage. */
export function drawInput(random: FuzzRandom, { samples, unit, length, reseal }: InputRecipe): DrawnInput {
  const sample = random.pick(samples);
  const roll = random.int(1000) / 1000;
  if (roll < VALID) return { kind: 'valid', bytes: sample.bytes, sample, how: [], forged: false };
  if (roll < VALID + RANDOM) {
    const bytes = random.bytes(random.int(random.pick([16, sample.bytes.length, 2 * sample.bytes.length])));
    // What begins as it should gets further.
    if (random.chance(0.5)) bytes.set(sample.bytes.subarray(0, Math.min(bytes.length, random.pick([8, 16, 64]))));
    return { kind: 'random', bytes, sample, how: [], forged: false };
  }
  for (let tries = 0; ; tries++) {
    const { bytes: damaged, how } = mutateBytes(random, sample, random.pick(samples), unit);
    const bytes = length !== undefined && random.chance(0.9) ? toLength(damaged, length) : damaged;
    const forged = reseal !== undefined && random.chance(0.5);
    if (forged) reseal(bytes, random);
    const same = Buffer.compare(bytes, sample.bytes) === 0;
    // Zeros over zeros harm nobody.
    if (!same || tries === MOST_TRIES) return { bytes, how, kind: same ? 'valid' : 'damaged', sample, forged };
  }
}

function toLength(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length >= length) return bytes.subarray(0, length);
  const filled = new Uint8Array(length);
  filled.set(bytes);
  return filled;
}
