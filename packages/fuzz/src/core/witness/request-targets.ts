import { asHash, asTreeSize, encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import { formatAddCheckpoint, formatSignSubtree, parseAddCheckpoint, parseSignSubtree } from '@tilewright/core/witness';
import type { GrowthCase } from '../../growth/growth-case.ts';
import type { Sample } from '../../mutate/sample.ts';
import type { FuzzRandom } from '../../random/fuzz-random.ts';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import { NOTE_WORDS, noteSamples } from '../kit/notes.ts';
import { textSample } from '../kit/samples.ts';
import { ADD_CHECKPOINT_REFUSALS, SIGN_SUBTREE_REFUSALS } from './refusals.ts';

const MOST = 128 * 1024;
const HASH = `${'A'.repeat(43)}=\n`;

/** Words of requests. */
export const REQUEST_WORDS: readonly string[] = [...NOTE_WORDS, 'old ', 'old\n', 'subtree ', 'subtree 0 1\n\n', HASH];

function growth(head: string, decode: (bytes: Uint8Array) => unknown): readonly GrowthCase[] {
  return [
    refusing('a long checkpoint', MOST, (size) => encodeUtf8(`${head}\n${'a'.repeat(size - 90)}`), decode),
    refusing('many hashes', MOST, (size) => encodeUtf8(`${head}${HASH.repeat(size / 45 - 4)}\n`), decode),
    refusing('no empty line', MOST, (size) => encodeUtf8(head + 'a\n'.repeat(size / 2 - 50)), decode),
    refusing('a long line', MOST, (size) => encodeUtf8(`${head}${'A'.repeat(size - 100 - (size % 4))}\n\n`), decode),
  ];
}

/** Notes, and hashes before them, as samples of requests. */
async function requests(
  random: FuzzRandom,
  format: (proof: ReturnType<typeof asHash>[], checkpoint: Uint8Array) => Uint8Array,
): Promise<Sample[]> {
  return (await noteSamples(random, 40)).map(({ bytes }) => {
    const proof = Array.from({ length: random.pick([0, 1, 3, 63]) }, () => asHash(random.bytes(32)));
    return textSample(format(proof, bytes), REQUEST_WORDS, { lines: true, longest: 8192 });
  });
}

/** `parseAddCheckpoint`. */
export function addCheckpointTarget(decode: typeof parseAddCheckpoint = parseAddCheckpoint): FuzzTarget {
  return decoderTarget({
    name: 'add-checkpoint',
    about: 'add-checkpoint requests',
    accepts: ['a request'],
    refusals: ADD_CHECKPOINT_REFUSALS,
    cap: { most: MOST, refusal: 'too long', decode },
    growth: growth('old 1\n', decode),
    prepare: async (random) => ({
      recipe: {
        samples: await requests(random, (proof, checkpoint) =>
          formatAddCheckpoint({ oldSize: asTreeSize(random.pick([0, 5, 2 ** 53 - 1])), proof, checkpoint }),
        ),
        unit: 16,
      },
      decode(bytes) {
        must(equalBytes(formatAddCheckpoint(decode(bytes)), bytes), () => 'the request is written otherwise');
        return 'a request';
      },
    }),
  });
}

/** `parseSignSubtree`. */
export function signSubtreeTarget(decode: typeof parseSignSubtree = parseSignSubtree): FuzzTarget {
  return decoderTarget({
    name: 'sign-subtree',
    about: 'sign-subtree requests',
    accepts: ['a request'],
    refusals: SIGN_SUBTREE_REFUSALS,
    cap: { most: MOST, refusal: 'too long', decode },
    growth: growth(`subtree 0 1\n${HASH}`, decode),
    prepare: async (random) => ({
      recipe: {
        samples: await requests(random, (proof, checkpoint) => {
          const [start, end] = random.pick([
            [0, 1],
            [4, 8],
            [0, 2 ** 53 - 1],
          ] as const);
          return formatSignSubtree({ start, end, hash: asHash(random.bytes(32)), proof, checkpoint });
        }),
        unit: 16,
      },
      decode(bytes) {
        must(equalBytes(formatSignSubtree(decode(bytes)), bytes), () => 'the request is written otherwise');
        return 'a request';
      },
    }),
  });
}
