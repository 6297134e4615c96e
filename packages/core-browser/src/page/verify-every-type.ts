import { encodeUtf8 } from '@tilewright/core/bytes';
import { KEY_TYPE, type NoteVerifier, openNote, parseVerifierKey, type VerifierKey } from '@tilewright/core/note';
import { ed25519CosignatureVerifier } from '@tilewright/core/note/cosignature';
import { ecdsaNoteVerifier } from '@tilewright/core/note/ecdsa';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { mlDsaNoteVerifier } from '@tilewright/core/note/ml-dsa';
import { rfc6962NoteVerifier } from '@tilewright/core/note/rfc6962';
import { rsaNoteVerifier } from '@tilewright/core/note/rsa';
import type { CheckResult, PageMaterial } from './page-material.ts';
import { expectRefusal, runCheck } from './run-check.ts';

const VERIFIERS = new Map<number, (key: VerifierKey) => NoteVerifier>([
  [KEY_TYPE.ed25519, ed25519NoteVerifier],
  [KEY_TYPE.ecdsa, ecdsaNoteVerifier],
  [KEY_TYPE.cosignatureEd25519, ed25519CosignatureVerifier],
  [KEY_TYPE.rfc6962, rfc6962NoteVerifier],
  [KEY_TYPE.cosignatureMlDsa44, mlDsaNoteVerifier],
  [KEY_TYPE.named, rsaNoteVerifier],
]);

/** Opens a note of each type, and refuses it when its text is another. */
export function verifyEveryType({ notes }: PageMaterial): CheckResult[] {
  return notes.map(({ type, vkey, note }) =>
    runCheck(`signature type ${type}`, () => {
      const key = parseVerifierKey(vkey);
      const verifier = VERIFIERS.get(key.type)?.(key);
      if (verifier === undefined) throw new Error(`there is no verifier of type ${key.type}`);
      const started = performance.now();
      const { verified } = openNote(encodeUtf8(note), [verifier]);
      const ms = performance.now() - started;
      const [first = '', size, ...rest] = note.split('\n');
      const other = [first, Number(size) + 1, ...rest].join('\n');
      expectRefusal('bad-signature', () => openNote(encodeUtf8(other), [verifier]));
      return `${verified[0]?.signature.length ?? 0} bytes, ${ms.toFixed(1)} ms`;
    }),
  );
}
