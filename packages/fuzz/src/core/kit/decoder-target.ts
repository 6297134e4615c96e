import type { GrowthCase } from '../../growth/growth-case.ts';
import { type DrawnInput, drawInput, type InputRecipe } from '../../mutate/draw-input.ts';
import type { FuzzRandom } from '../../random/fuzz-random.ts';
import { FuzzRandom as Draws } from '../../random/fuzz-random.ts';
import { must } from '../../run/broken-rule.ts';
import type { FuzzOutcome, FuzzTarget } from '../../run/fuzz-target.ts';
import { type Refusal, type RefusalReader, refusalReader } from './refusal.ts';
import { sealedInput } from './sealed-input.ts';
import { surrounded } from './surroundings.ts';

/** How often an input beyond the cap is tried, and how often an input is decoded again with other bytes around it. */
const BEYOND_CAP = 0.002;
const AGAIN = 0.05;

/** What a decoder is given besides the bytes. */
export interface DecodeContext {
  readonly input: DrawnInput;
  /** A number that was drawn for this input: 0 … 2^32-1. */
  readonly dice: number;
}

/** Inputs of a decoder, and how it is called. */
export interface PreparedDecoder {
  readonly recipe: InputRecipe;
  /**
   * Decodes and judges what comes of it: one of the `accepts`. Throws what the decoder throws, and BrokenRule when the
   * result is not what the bytes say.
   */
  readonly decode: (bytes: Uint8Array, context: DecodeContext) => string;
  /** What an independent judge says, where there is one: whether the bytes are to be accepted. */
  readonly judge?: (bytes: Uint8Array, context: DecodeContext) => boolean;
}

/** The cap of a decoder. */
export interface DecoderCap {
  /** The longest input that may be read. */
  readonly most: number;
  /** The refusal of longer ones. */
  readonly refusal: string;
  readonly decode: (input: Uint8Array & string) => unknown;
}

/** A decoder of core, and what must hold for it. */
export interface DecoderSpec {
  readonly name: string;
  readonly about: string;
  /** What inputs can be taken for. */
  readonly accepts: readonly string[];
  readonly refusals: readonly Refusal[];
  readonly cap?: DecoderCap;
  readonly growth?: readonly GrowthCase[];
  readonly prepare: (random: FuzzRandom) => PreparedDecoder | Promise<PreparedDecoder>;
  /** Whether whatever is valid by itself is accepted, in whatever context it was drawn: yes, unless said otherwise. */
  readonly acceptsValid?: boolean;
}

/**
 * The target of a decoder. Every input is accepted, or refused with a CoreError whose code and message are on the list;
 * what is valid is accepted; bytes around the input make no difference; beyond the cap nothing is looked at.
 */
export function decoderTarget(spec: DecoderSpec): FuzzTarget {
  const { name, about, accepts, refusals, growth, cap } = spec;
  const read = refusalReader(refusals);
  const reaches = [...accepts, ...refusals.map((one) => one.name)];
  return {
    name,
    about,
    perMillion: 1_000_000,
    reaches: [...new Set(reaches)],
    ...(growth === undefined ? {} : { growth }),
    async prepare(seed) {
      const prepared = await spec.prepare(new Draws(seed, `${name} samples`, 0));
      return {
        run: (random) =>
          cap !== undefined && random.chance(BEYOND_CAP)
            ? runBeyond(random, cap, read)
            : runInside(random, prepared, spec, read),
      };
    },
  };
}

function runBeyond(random: FuzzRandom, { most, refusal, decode }: DecoderCap, read: RefusalReader): FuzzOutcome {
  const length = most + random.pick([1, 4, 32, 4096, 2 ** 31]);
  let reached = 'it was accepted';
  try {
    decode(sealedInput(length));
  } catch (error) {
    reached = read(error);
  }
  must(reached === refusal, () => `an input of ${length} is to be refused as '${refusal}': ${reached}`);
  return { kind: 'random', how: [], reached: [refusal] };
}

function runInside(
  random: FuzzRandom,
  { recipe, decode, judge }: PreparedDecoder,
  { accepts, acceptsValid = true }: DecoderSpec,
  read: RefusalReader,
): FuzzOutcome {
  const input = drawInput(random, recipe);
  const context: DecodeContext = { input, dice: random.int(2 ** 32) };
  const outcome = (filling: number): { readonly verdict: string; readonly message: string } => {
    try {
      return { verdict: decode(surrounded(input.bytes, filling), context), message: '' };
    } catch (error) {
      return { verdict: read(error), message: (error as Error).message };
    }
  };
  const { verdict, message } = outcome(0xa5);
  const isAccepted = accepts.includes(verdict);
  if (random.chance(AGAIN)) {
    const again = outcome(0x0a);
    must(
      again.verdict === verdict && again.message === message,
      () => `with other bytes around it, it is: ${again.verdict} ${again.message}; else ${verdict} ${message}`,
    );
  }
  must(isAccepted || !acceptsValid || input.kind !== 'valid', () => `something valid is refused: ${message}`);
  const isRight = judge?.(input.bytes, context);
  must(isRight === undefined || isRight === isAccepted, () =>
    isAccepted ? `taken for ${verdict}, and is not` : `something valid is refused: ${message}`,
  );
  return { kind: input.kind, how: input.how, reached: [verdict] };
}
