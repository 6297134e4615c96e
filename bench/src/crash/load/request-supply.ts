import { randomUUID } from 'node:crypto';
import type { Hash } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { type EntrySpec, KEY_DETAILS, specJson, specMessage } from '../../parity/rows/entry-spec.ts';
import { ecKey, type KeyPair, rsaKey, signedSpec } from '../../parity/rows/keys.ts';
import { EntryMaker, type EntryParts } from '../../requests/entry-request.ts';
import { canonicalBody, type LeafAlgorithms } from '../canonical-body.ts';

/** A request for an entry, in both forms, and the leaf that it makes, or would make. */
export interface EntryRequest {
  readonly json: Buffer;
  readonly wire: Buffer;
  readonly body: Buffer;
  readonly leaf: Hash;
}

interface Scheme {
  readonly key: KeyPair;
  readonly hash: string;
  readonly algorithms: LeafAlgorithms & { readonly keyDetails: keyof typeof KEY_DETAILS };
}

/** Share of requests that carry a P-256 key of their own, half of them in a certificate. */
const OWN_KEY = 0.7;

/** Makes requests that no log has seen: P-256 keys of their own, and a few lasting keys of every kind. */
export class RequestSupply {
  readonly #random: () => number;
  readonly #maker: EntryMaker;
  readonly #stock: EntryRequest[] = [];
  readonly #lasting: readonly Scheme[] = lastingKeys();

  constructor(random: () => number, now: Date) {
    this.#random = random;
    this.#maker = new EntryMaker(now);
  }

  /** Makes requests ahead, until there are so many. */
  stock(count: number): void {
    while (this.#stock.length < count) this.#stock.push(this.#make());
  }

  /** A good request. */
  next(): EntryRequest {
    return this.#stock.pop() ?? this.#make();
  }

  #make(): EntryRequest {
    if (this.#random() < OWN_KEY) return ownKeyRequest(this.#maker.make(this.#random() < 0.5));
    const scheme = this.#scheme();
    return lastingKeyRequest(scheme, this.#spec(scheme));
  }

  /** A request whose signature is of another message: refused, and its leaf never in the log. */
  badlySigned(): EntryRequest {
    const scheme = this.#scheme();
    const { signature } = this.#spec(scheme);
    return lastingKeyRequest(scheme, { ...this.#spec(scheme), ...(signature && { signature }) });
  }

  #scheme(): Scheme {
    const scheme = this.#lasting[Math.floor(this.#random() * this.#lasting.length)];
    if (scheme === undefined) throw new Error('there are no keys');
    return scheme;
  }

  #spec({ key, hash, algorithms }: Scheme): EntrySpec {
    return signedSpec(key, hash, KEY_DETAILS[algorithms.keyDetails], randomUUID());
  }
}

function lastingKeys(): Scheme[] {
  return [
    { key: ecKey('P-256'), hash: 'sha256', algorithms: { digest: 'SHA2_256', keyDetails: 'PKIX_ECDSA_P256_SHA_256' } },
    { key: ecKey('P-384'), hash: 'sha384', algorithms: { digest: 'SHA2_384', keyDetails: 'PKIX_ECDSA_P384_SHA_384' } },
    { key: ecKey('P-521'), hash: 'sha512', algorithms: { digest: 'SHA2_512', keyDetails: 'PKIX_ECDSA_P521_SHA_512' } },
    {
      key: rsaKey(2048),
      hash: 'sha256',
      algorithms: { digest: 'SHA2_256', keyDetails: 'PKIX_RSA_PKCS1V15_2048_SHA256' },
    },
  ];
}

function ownKeyRequest(parts: EntryParts): EntryRequest {
  const spec = { ...parts, ...parts.verifier, keyDetails: KEY_DETAILS.PKIX_ECDSA_P256_SHA_256 };
  return requestOf(spec, canonicalBody(parts));
}

function lastingKeyRequest({ key, algorithms }: Scheme, spec: EntrySpec): EntryRequest {
  const { digest = new Uint8Array(), signature = new Uint8Array() } = spec;
  return requestOf(spec, canonicalBody({ digest, signature, verifier: { publicKey: key.spki } }, algorithms));
}

function requestOf(spec: EntrySpec, body: Buffer): EntryRequest {
  return { json: Buffer.from(specJson(spec)), wire: specMessage(spec), body, leaf: leafHash(body) };
}
