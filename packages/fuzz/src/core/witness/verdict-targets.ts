import { asTreeSize } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { naiveTree, recordLeaves } from '@tilewright/core/testing';
import {
  type AddCheckpointVerdict,
  checkAddCheckpoint,
  checkSignSubtree,
  formatAddCheckpoint,
  formatSignSubtree,
  type SignSubtreeVerdict,
} from '@tilewright/core/witness';
import type { FuzzRandom } from '../../random/fuzz-random.ts';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { logSigner, logVerifier, noteOf, ORIGINS, WITNESS, witnessSigner, witnessVerifier } from '../kit/notes.ts';
import { textSample } from '../kit/samples.ts';
import { REQUEST_WORDS } from './request-targets.ts';

const LEAVES = recordLeaves(12);
const TREE = naiveTree(LEAVES);
const treeOf = (size: number): Tree => ({ size: asTreeSize(size), root: TREE.root(0, size) });
const EMPTY: Tree = { size: asTreeSize(0), root: EMPTY_ROOT };
const KNOWN = ORIGINS.slice(0, 2);
/** Of the second log a witness has seen this many entries, of the first none. */
const SEEN = 5;

const MOST_REASON = 400;

function checkReason({ status, reason = '' }: { readonly status: number; readonly reason?: string }): void {
  must((status === 200) === (reason === ''), () => `the answer ${status} gives '${reason}' for a reason`);
  must(reason.length <= MOST_REASON, () => `a reason of ${reason.length} characters`);
}

/** A signed checkpoint of a tree of so many leaves. */
async function signedTree(random: FuzzRandom, origin: string, size: number, byWitness: boolean): Promise<Uint8Array> {
  const root = size === 0 && random.chance(0.2) ? TREE.root(0, 1) : treeOf(size).root;
  const text = formatCheckpoint({ origin, size: asTreeSize(size), root, extensions: [] });
  return noteOf(random, text, [logSigner(origin), ...(byWitness ? [witnessSigner(WITNESS)] : [])]);
}

/** `checkAddCheckpoint`: only a tree that the log signed, and that continues the one that was seen, is cosigned. */
export function checkAddCheckpointTarget(check: typeof checkAddCheckpoint = checkAddCheckpoint): FuzzTarget {
  const logs = new Map(
    KNOWN.map((origin, at) => [origin, { verifiers: [logVerifier(origin)], latest: at === 0 ? EMPTY : treeOf(SEEN) }]),
  );
  return decoderTarget({
    name: 'check-add-checkpoint',
    about: 'what a witness answers to add-checkpoint',
    accepts: ['200', '400', '403', '404', '409', '422'],
    refusals: [],
    prepare: async (random) => {
      const bodies = ORIGINS.flatMap((origin, which) =>
        Array.from({ length: 20 }, async () => {
          const old = random.chance(0.8) ? (which === 1 ? SEEN : 0) : random.int(12);
          const size = old + random.int(13 - old);
          const proof = TREE.consistency(old, random.chance(0.9) ? size : 12);
          const checkpoint = await signedTree(random, origin, size, false);
          return textSample(formatAddCheckpoint({ oldSize: asTreeSize(old), proof, checkpoint }), REQUEST_WORDS, {
            lines: true,
          });
        }),
      );
      return {
        recipe: { samples: await Promise.all(bodies), unit: 16 },
        decode(bytes) {
          const verdict = check(bytes, (origin) => logs.get(origin));
          checkReason(verdict);
          if (verdict.status === 200) checkCosigned(verdict);
          return String(verdict.status);
        },
      };
    },
  });
}

function checkCosigned({ checkpoint }: AddCheckpointVerdict & { readonly status: 200 }): void {
  const { origin, size, root } = checkpoint;
  must(KNOWN.includes(origin) && Buffer.compare(root, treeOf(size).root) === 0, () => 'a tree that no log has');
  must(size >= (origin === KNOWN[0] ? 0 : SEEN), () => 'a tree that is older than what was seen');
}

/** `checkSignSubtree`: only a subtree of a tree that the witness cosigned is signed. */
export function checkSignSubtreeTarget(check: typeof checkSignSubtree = checkSignSubtree): FuzzTarget {
  const own = new Map(KNOWN.map((origin) => [origin, [witnessVerifier(WITNESS)]]));
  return decoderTarget({
    name: 'check-sign-subtree',
    about: 'what a witness answers to sign-subtree',
    accepts: ['200', '400', '403', '404', '422'],
    refusals: [],
    prepare: async (random) => {
      const bodies = ORIGINS.flatMap((origin) =>
        Array.from({ length: 20 }, async () => {
          const size = 8 + random.int(5);
          const [start, end] = random.pick([
            [0, 4],
            [4, 8],
            [0, 8],
            [2, 4],
            [8, size],
            [6, 8],
          ] as const);
          const checkpoint = await signedTree(random, origin, size, random.chance(0.9));
          const [hash, proof] = [TREE.root(start, end), TREE.subtree(start, end, size)];
          return textSample(formatSignSubtree({ start, end, hash, proof, checkpoint }), REQUEST_WORDS, { lines: true });
        }),
      );
      return {
        recipe: { samples: await Promise.all(bodies), unit: 16 },
        decode(bytes) {
          const verdict = check(bytes, (origin) => own.get(origin));
          checkReason(verdict);
          if (verdict.status === 200) checkSubtree(verdict);
          return String(verdict.status);
        },
      };
    },
  });
}

function checkSubtree({ request }: SignSubtreeVerdict & { readonly status: 200 }): void {
  const { start, end, hash } = request;
  must(Buffer.compare(hash, TREE.root(start, end)) === 0, () => `${start} to ${end} has another hash`);
}
