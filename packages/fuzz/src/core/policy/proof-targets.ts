import { asHash, asLeafIndex, asTreeSize, encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { proveInclusion } from '@tilewright/core/merkle';
import type { NoteVerifier, VerifierKey } from '@tilewright/core/note';
import { ed25519Cosigner } from '@tilewright/core/note/cosignature';
import { ed25519NoteSigner } from '@tilewright/core/note/ed25519';
import { parsePolicy } from '@tilewright/core/policy';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from '@tilewright/core/proof';
import { naiveTree, recordLeaves } from '@tilewright/core/testing';
import { noteVerifierOf } from '@tilewright/signer';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { DECIMAL_REFUSALS, HASH_REFUSALS, SHORT_BASE64_REFUSALS, UTF8_REFUSAL } from '../bytes/refusals.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import { seedOf, vkeyOf } from '../kit/keys.ts';
import { logSigner, NOTE_WORDS, noteOf, noteSamples, ORIGINS, WITNESS, witnessSigner } from '../kit/notes.ts';
import { inPart, type Refusal, refusal } from '../kit/refusal.ts';
import { textSample } from '../kit/samples.ts';

const MOST = 2 * 1024 * 1024;
const FIRST = 'c2sp.org/tlog-proof@v1\n';
const HASH = `${'A'.repeat(43)}=\n`;
const PROOF_WORDS = [...NOTE_WORDS, 'extra ', 'extra AA==\n', 'index ', 'index 9007199254740991\n', HASH, FIRST];

/** What `parseTlogProof` refuses. */
const PROOF_REFUSALS: readonly Refusal[] = [
  refusal('too long', 'malformed', 'a proof has at most 2097152 bytes'),
  UTF8_REFUSAL,
  refusal('no empty line', 'malformed', 'no empty line stands between the proof and the checkpoint'),
  refusal('first line', 'malformed', "line 1 is not 'c2sp.org/tlog-proof@v1'"),
  refusal('no index', 'malformed', 'line [23] is not an index'),
  refusal('too many hashes', 'malformed', 'a proof has at most 63 hashes'),
  refusal('index 2^53-1', 'size-unsupported', 'line [23]: 9007199254740991 is above 2\\^53-2'),
  ...inPart('index', 'line [23]: ', DECIMAL_REFUSALS),
  // Line 2 is the index where there is no extra data.
  ...inPart('extra', 'line 2: ', SHORT_BASE64_REFUSALS),
  ...inPart('hash', 'line (?:[3-9]|\\d\\d): ', HASH_REFUSALS),
];

/** `parseTlogProof`. */
export function tlogProofTarget(decode: typeof parseTlogProof = parseTlogProof): FuzzTarget {
  const proof = (text: string) => encodeUtf8(`${FIRST}${text}`);
  return decoderTarget({
    name: 'tlog-proof',
    about: '.tlog-proof files, unverified',
    accepts: ['a proof'],
    refusals: PROOF_REFUSALS,
    cap: { most: MOST, refusal: 'too long', decode },
    growth: [
      refusing('a long checkpoint', MOST, (size) => proof(`index 1\n\n${'a'.repeat(size - 40)}`), decode),
      refusing('long extra data', MOST, (size) => proof(`extra ${'AAAA'.repeat(size / 4 - 20)}\nindex 1\n\n`), decode),
      refusing('many hashes', MOST, (size) => proof(`index 1\n${HASH.repeat(size / 45 - 2)}\n`), decode),
      refusing('no empty line', MOST, (size) => proof('a\n'.repeat(size / 2 - 20)), decode),
      refusing('a long index', MOST, (size) => proof(`index ${'1'.repeat(size - 40)}\n\n`), decode),
    ],
    prepare: async (random) => {
      const notes = await noteSamples(random, 40);
      const samples = notes.map(({ bytes: checkpoint }) => {
        const extra = random.chance(0.5) ? random.bytes(random.int(20)) : undefined;
        const index = asLeafIndex(random.pick([0, 3, 2 ** 40, 2 ** 53 - 2]));
        const hashes = Array.from({ length: random.pick([0, 1, 3, 63]) }, () => asHash(random.bytes(32)));
        return textSample(formatTlogProof({ extra, index, proof: hashes, checkpoint }), PROOF_WORDS, {
          lines: true,
          longest: 8192,
        });
      });
      return {
        recipe: { samples, unit: 16 },
        decode(bytes) {
          must(equalBytes(formatTlogProof(decode(bytes)), bytes), () => 'the proof is written otherwise');
          return 'a proof';
        },
      };
    },
  });
}

const LEAVES = recordLeaves(9);
const [ORIGIN = '', OTHER = ''] = ORIGINS;

/** `verifyTlogProof`, and within it `openWithPolicy` and `verifyInclusion`: what is proved was proved as it stands. */
export function verifyTlogProofTarget(verify: typeof verifyTlogProof = verifyTlogProof): FuzzTarget {
  const log = vkeyOf(ed25519NoteSigner(ORIGIN, seedOf(ORIGIN)).key);
  const witness = vkeyOf(ed25519Cosigner(WITNESS, seedOf(WITNESS)).key);
  const policy = parsePolicy(encodeUtf8(`log ${log}\nwitness w ${witness}\nquorum w\n`));
  return decoderTarget({
    name: 'verify-tlog-proof',
    about: '.tlog-proof files, verified with a policy',
    accepts: ['an entry'],
    // Each rule of the parts is counted at the target of the part.
    refusals: [
      refusal('malformed', 'malformed', '.*'),
      refusal('size-unsupported', 'size-unsupported', '.*'),
      refusal('bad-signature', 'bad-signature', 'signature \\d+ names the trusted key .*'),
      refusal('no listed log', 'unknown-key', 'the policy lists no log of this origin'),
      refusal('no trusted key', 'unknown-key', 'no trusted key signed this note'),
      refusal('not signed by the log', 'unknown-key', 'no log that the policy lists has signed this checkpoint'),
      refusal('no quorum', 'unknown-key', "the policy's quorum is not met: no witness cosigned this checkpoint"),
      refusal('index beyond the tree', 'proof-invalid', 'the index of an inclusion proof must be below .*'),
      refusal(
        'another root',
        'proof-invalid',
        'the inclusion proof of leaf \\d+ does not lead to the root of the tree',
      ),
      refusal('length of the proof', 'proof-invalid', 'this proof takes \\d+ hashes, it has \\d+'),
    ],
    acceptsValid: false,
    prepare: async (random) => {
      const tree = naiveTree(LEAVES);
      const drawn = [ORIGIN, ORIGIN, ORIGIN, OTHER].flatMap((origin) =>
        LEAVES.map(async (_, at) => {
          const size = asTreeSize(LEAVES.length);
          const text = formatCheckpoint({ origin, size, root: tree.root(0, size), extensions: [] });
          const signers = [logSigner(origin), witnessSigner(WITNESS)].filter(
            (__, which) => random.chance(0.8) || which > 1,
          );
          const checkpoint = await noteOf(random, text, signers.length > 0 ? signers : [witnessSigner(WITNESS)]);
          const proof = proveInclusion(at, size, (lo, hi) => tree.root(lo, hi));
          return textSample(
            formatTlogProof({ extra: undefined, index: asLeafIndex(at), proof, checkpoint }),
            PROOF_WORDS,
            {
              lines: true,
            },
          );
        }),
      );
      const samples = await Promise.all(drawn);
      const verifiers = new Map(
        [...policy.logs, ...policy.witnesses].map(({ key }) => [key, noteVerifierOf(key)] as const),
      );
      const verifierOf = (key: VerifierKey): NoteVerifier => verifiers.get(key) ?? noteVerifierOf(key);
      return {
        recipe: { samples, unit: 16 },
        decode(bytes, { input, dice }) {
          const leaf = dice % 20 === 0 ? 0 : samples.indexOf(input.sample) % LEAVES.length;
          const hash = LEAVES[leaf];
          if (hash === undefined) throw new RangeError('there is no such leaf');
          const { index, checkpoint } = verify(bytes, hash, policy, verifierOf);
          must(index === leaf && checkpoint.size === LEAVES.length, () => 'the entry does not stand there');
          must(checkpoint.origin === ORIGIN && checkpoint.cosigned.length === 1, () => 'nobody signed this');
          return 'an entry';
        },
      };
    },
  });
}
