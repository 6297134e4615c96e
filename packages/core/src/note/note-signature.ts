/** One signature line of a note. */
export interface NoteSignature {
  readonly name: string;
  /** The four bytes before the signature, as a big-endian unsigned integer. */
  readonly keyId: number;
  /** The signature without the key id: at least one byte. */
  readonly signature: Uint8Array;
  /** The line as it stands in the note, with its newline. */
  readonly line: string;
}

/** Checks signatures of one key. Synchronous and pure: it holds a public key and nothing else. */
export interface NoteVerifier {
  readonly name: string;
  /** Unsigned 32-bit key id (signed-note, "Signature types"). */
  readonly keyId: number;
  /** The signature type, one of `KEY_TYPE`, where the verifier says it; those of this package do. */
  readonly type?: number;
  /** Whether `signature` (without the key id) is this key's over the note `text`. Never throws for bad input. */
  verify(text: Uint8Array, signature: Uint8Array): boolean;
}

/** Makes signatures of one key. Asynchronous, because the key may live in a remote service. */
export interface NoteSigner {
  readonly name: string;
  /** Unsigned 32-bit key id (signed-note, "Signature types"). */
  readonly keyId: number;
  /** The signature type, one of `KEY_TYPE`, where the signer says it. One of type 0x06 does not sign extension lines. */
  readonly type?: number;
  /** The signature of the note `text`, without the key id. */
  sign(text: Uint8Array): Promise<Uint8Array>;
}
