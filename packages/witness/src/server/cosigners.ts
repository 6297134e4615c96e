import { decodeUtf8 } from '@tilewright/core/bytes';
import type { Checkpoint } from '@tilewright/core/checkpoint';
import type { Cosigner, SubtreeCosigner } from '@tilewright/core/cosignature';
import { KEY_TYPE } from '@tilewright/core/note';
import { cosignerFromSkey, cosignerOf, readPrivateKeyFile } from '@tilewright/signer';
import { WitnessError } from '../witness-error.ts';

const SKEY = 'PRIVATE+KEY+';
const MAX_SKEY_FILE = 8192;

/**
 * The cosigner in a key file: a private key in PEM (Ed25519 or ML-DSA-44), which takes the name that it is given, or
 * `PRIVATE+KEY+<name>+…` of type 0x04 or 0x06, which has one.
 *
 * @param name of the witness; may be left out where the file holds one
 * @param password of an encrypted PEM file, without a final newline
 * @throws WitnessError `bad-key` for names that are missing or differ; SignerError for the key
 */
export function cosignerFromKeyFile(content: Uint8Array, name: string | undefined, password?: Uint8Array): Cosigner {
  const skey = skeyIn(content);
  if (skey === undefined) {
    if (name !== undefined) return cosignerOf(name, readPrivateKeyFile(content, password));
    throw new WitnessError('bad-key', 'a PEM file does not hold the name of the witness: give it');
  }
  const cosigner = cosignerFromSkey(skey);
  if (name === undefined || cosigner.key.name === name) return cosigner;
  throw new WitnessError('bad-key', `the key is of the witness ${cosigner.key.name}, not of ${name}`);
}

function skeyIn(content: Uint8Array): string | undefined {
  const head = content.subarray(0, SKEY.length);
  if (content.length > MAX_SKEY_FILE || head.some((byte, at) => byte !== SKEY.charCodeAt(at))) return undefined;
  return decodeUtf8(content).trim();
}

/** Throws `bad-key` unless these are the keys of one witness: one at least, of one name, all different. */
export function requireOneWitness(cosigners: readonly Cosigner[]): void {
  const [first, ...others] = cosigners.map(({ key }) => key);
  if (first === undefined) throw new WitnessError('bad-key', 'a witness has a key');
  const stranger = others.find((key) => key.name !== first.name);
  if (stranger !== undefined) {
    throw new WitnessError('bad-key', `the keys have two names, ${first.name} and ${stranger.name}`);
  }
  if (new Set(cosigners.map(({ key }) => key.type)).size !== cosigners.length) {
    throw new WitnessError('bad-key', 'two keys of one type: a witness has one of Ed25519, one of ML-DSA-44, or both');
  }
}

/** The cosigners that can sign the checkpoint: a key of ML-DSA does not cover extension lines (tlog-cosignature). */
export function cosignersOf(checkpoint: Checkpoint, cosigners: readonly Cosigner[]): readonly Cosigner[] {
  if (checkpoint.extensions.length === 0) return cosigners;
  return cosigners.filter(({ key }) => key.type !== KEY_TYPE.cosignatureMlDsa44);
}

/** The cosigners that sign subtrees. */
export function subtreeCosigners(cosigners: readonly Cosigner[]): SubtreeCosigner[] {
  return cosigners.filter((cosigner): cosigner is SubtreeCosigner => 'signSubtree' in cosigner);
}
