import { asHash, asLeafIndex, decodeBase64, encodeUtf8 } from '@tilewright/core/bytes';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import { leafHash } from '@tilewright/core/hash';
import { verifyInclusion } from '@tilewright/core/merkle';
import { KEY_TYPE, type NoteVerifier, parseVerifierKey, type VerifierKey } from '@tilewright/core/note';
import { ed25519CosignatureVerifier } from '@tilewright/core/note/cosignature';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { openWithPolicy, parsePolicy } from '@tilewright/core/policy';
import { formatTlogProof, verifyTlogProof } from '@tilewright/core/proof';
import type { CheckResult, PageMaterial } from './page-material.ts';
import { expectRefusal, runCheck } from './run-check.ts';

/** Everything that the captured entry proves, and refusals of what it does not. */
export function verifyRealEntry({ entry }: PageMaterial): CheckResult[] {
  const note = encodeUtf8(entry.checkpoint);
  const verifier = ed25519NoteVerifier(parseVerifierKey(entry.vkey));
  const leaf = leafHash(decodeBase64(entry.body));
  const proof = entry.proof.map((hash) => asHash(decodeBase64(hash)));
  const policy = parsePolicy(encodeUtf8(entry.policy));
  const file = formatTlogProof({ extra: undefined, index: asLeafIndex(entry.index), proof, checkpoint: note });
  return [
    runCheck('checkpoint', () => {
      const { origin, size } = openCheckpoint(note, entry.origin, verifier);
      const grown = encodeUtf8(entry.checkpoint.replace(`\n${size}\n`, `\n${size + 1}\n`));
      expectRefusal('bad-signature', () => openCheckpoint(grown, entry.origin, verifier));
      return `${origin}, size ${size}`;
    }),
    runCheck('inclusion proof', () => {
      const tree = openCheckpoint(note, entry.origin, verifier);
      verifyInclusion(leaf, entry.index, tree, proof);
      expectRefusal('proof-invalid', () => verifyInclusion(leaf, entry.index - 1, tree, proof));
      return `entry ${entry.index}, ${proof.length} hashes`;
    }),
    runCheck('cosignature policy', () => {
      const { cosigned } = openWithPolicy(note, policy, verifierOf);
      const lines = entry.checkpoint.split('\n');
      const withoutWitnesses = encodeUtf8(`${lines.slice(0, 5).join('\n')}\n`);
      expectRefusal('unknown-key', () => openWithPolicy(withoutWitnesses, policy, verifierOf));
      return cosigned.map(({ witness }) => witness.name).join(', ');
    }),
    runCheck('tlog-proof file', () => {
      const { index, checkpoint } = verifyTlogProof(file, leaf, policy, verifierOf);
      expectRefusal('proof-invalid', () => verifyTlogProof(file, leafHash(encodeUtf8('x')), policy, verifierOf));
      return `entry ${index} of ${checkpoint.size}, offline, ${file.length} bytes`;
    }),
  ];
}

function verifierOf(key: VerifierKey): NoteVerifier {
  if (key.type === KEY_TYPE.ed25519) return ed25519NoteVerifier(key);
  if (key.type === KEY_TYPE.cosignatureEd25519) return ed25519CosignatureVerifier(key);
  throw new CoreError('unknown-key', `keys of type ${key.type} are not understood here`);
}
