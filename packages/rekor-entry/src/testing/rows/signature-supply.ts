import { certifiedDigest, type SignedDigest, signedDigest } from '../build/signed-digest.ts';
import type { FixtureName } from '../gen/fixtures.ts';

/** Hands out each signature of the fixtures once, so that no two rows make the same leaf. */
export class SignatureSupply {
  readonly #used = new Map<FixtureName, number>();

  /** The next request of a key, with the bare key. */
  key(name: FixtureName = 'p256'): SignedDigest {
    return signedDigest(name, this.#next(name));
  }

  /** The next request of a key, with a certificate. */
  certificate(name: FixtureName = 'p256'): SignedDigest {
    return certifiedDigest(name, this.#next(name));
  }

  #next(name: FixtureName): number {
    const next = this.#used.get(name) ?? 0;
    this.#used.set(name, next + 1);
    return next;
  }
}
