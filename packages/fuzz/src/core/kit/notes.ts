import { asHash, asTreeSize, concatBytes, encodeUtf8 } from '@tilewright/core/bytes';
import { type Checkpoint, formatCheckpoint } from '@tilewright/core/checkpoint';
import { signerAt } from '@tilewright/core/cosignature';
import { formatSignatureLine, type NoteSigner, type NoteVerifier, signNote } from '@tilewright/core/note';
import { ed25519Cosigner } from '@tilewright/core/note/cosignature';
import { ed25519NoteSigner } from '@tilewright/core/note/ed25519';
import { cosignatureVerifierOf, noteVerifierOf } from '@tilewright/signer';
import type { Sample } from '../../mutate/sample.ts';
import type { FuzzRandom } from '../../random/fuzz-random.ts';
import { seedOf } from './keys.ts';
import { textSample, WORDS } from './samples.ts';

/** Words of signed notes. */
export const NOTE_WORDS: readonly string[] = [
  ...WORDS,
  '\u2014 a AAAAAAA=\n',
  '\u2014 a AAAAAAE=\n',
  '\u2014 a AAAAAAF=\n',
  '\u2014 a AAAA\n',
  '\u2014 a AAAAA\n',
  'x'.repeat(256),
];

/** Origins of the logs that inputs are about; the last is none that anybody knows. */
export const ORIGINS: readonly string[] = ['log.example', 'caf\u00e9.example/2026', 'unknown.example'];
export const WITNESS = 'witness.example';
const TIME = 1_700_000_000n;

/** The signer of a log. */
export function logSigner(origin: string): NoteSigner {
  return ed25519NoteSigner(origin, seedOf(origin));
}

/** Its verifier, on OpenSSL: a million signatures are to be checked. */
export function logVerifier(origin: string): NoteVerifier {
  return noteVerifierOf(ed25519NoteSigner(origin, seedOf(origin)).key);
}

/** The signer of a witness, at some time. */
export function witnessSigner(name: string): NoteSigner {
  return signerAt(ed25519Cosigner(name, seedOf(name)), TIME);
}

/** Its verifier. */
export function witnessVerifier(name: string): NoteVerifier {
  return cosignatureVerifierOf(ed25519Cosigner(name, seedOf(name)).key);
}

/** Some checkpoint. */
export function drawCheckpoint(random: FuzzRandom, origin: string, extensions: number = random.int(3)): Checkpoint {
  return {
    origin,
    size: asTreeSize(random.int(random.pick([1, 300, 2 ** 53]))),
    root: asHash(random.bytes(32)),
    extensions: Array.from({ length: extensions }, (_, at) => `extension ${at}`),
  };
}

/** The note of a text: signed by these, with signatures by others that nobody knows. */
export async function noteOf(
  random: FuzzRandom,
  text: Uint8Array,
  signers: readonly NoteSigner[],
  others: number = random.int(3),
): Promise<Uint8Array> {
  const lines = Array.from({ length: others }, (_, at) =>
    formatSignatureLine(`key-${at}.example`, random.int(2 ** 32), random.bytes(random.pick([1, 64, 71]))),
  );
  return concatBytes(await signNote(text, signers), encodeUtf8(lines.join('')));
}

/** Notes of checkpoints, each signed by its log, some by a witness too. */
export function noteSamples(random: FuzzRandom, count: number): Promise<Sample[]> {
  const drawn = Array.from({ length: count }, async () => {
    const origin = random.pick(ORIGINS);
    const text = formatCheckpoint(drawCheckpoint(random, origin));
    const signers = [logSigner(origin), ...(random.chance(0.5) ? [witnessSigner(WITNESS)] : [])];
    return noteSample(await noteOf(random, text, signers));
  });
  return Promise.all(drawn);
}

/** A note as a sample. */
export function noteSample(bytes: Uint8Array): Sample {
  return textSample(bytes, NOTE_WORDS, { lines: true, longest: 16_384 });
}
