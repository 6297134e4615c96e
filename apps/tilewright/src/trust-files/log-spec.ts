import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { noteVerifierFromPublicKey, noteVerifierFromVkey, SignerError } from '@tilewright/signer';
import type { LogInput } from '@tilewright/trust';
import { CommandError } from '../cli/command-error.ts';
import { parseServiceSpec, type ServiceSpec, specPeriod } from './service-spec.ts';

/** A log for a trusted root, and its origin where it is known. */
export interface SpecifiedLog {
  readonly log: LogInput;
  readonly origin: string | undefined;
}

/**
 * Reads one `--rekor` or `--ctfe`. With an origin or a vkey the log id is the note key hash, as Rekor v2 has it;
 * without, SHA-256 of the public key, as Rekor v1 and certificate transparency have it.
 */
export function parseLogSpec(flag: 'rekor' | 'ctfe', text: string): SpecifiedLog {
  const more = flag === 'rekor' ? ['public-key', 'vkey', 'origin', 'end-time'] : ['public-key', 'end-time'];
  const spec = parseServiceSpec(flag, text, ['url', 'start-time'], more);
  try {
    const key = logKey(spec);
    const log = { baseUrl: spec.get('url') ?? '', validFor: specPeriod(spec), ...key };
    return { log, origin: key.origin };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError('usage', `--${flag}: ${(error as Error).message}`, { cause: error });
  }
}

interface SpecifiedKey {
  readonly spki: Uint8Array;
  readonly keyDetails: string;
  readonly logId: Uint8Array;
  readonly origin: string | undefined;
}

function logKey(spec: ServiceSpec): SpecifiedKey {
  const [vkey, file, origin] = [spec.get('vkey'), spec.get('public-key'), spec.get('origin')];
  if ((vkey === undefined) === (file === undefined)) throw new Error('either public-key= or vkey= is needed');
  if (vkey !== undefined) {
    if (origin !== undefined) throw new Error('vkey= holds the origin; leave origin= out');
    return noteVerifierFromVkey(vkey);
  }
  const pem = readFileSync(file ?? '');
  if (origin !== undefined) return noteVerifierFromPublicKey(pem, origin);
  const key = createPublicKey(pem);
  const spki = key.export({ type: 'spki', format: 'der' });
  return { spki, keyDetails: keyDetailsOf(key), logId: createHash('sha256').update(spki).digest(), origin: undefined };
}

function keyDetailsOf(key: KeyObject): string {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  const curves: Readonly<Record<string, string>> = {
    prime256v1: 'PKIX_ECDSA_P256_SHA_256',
    secp384r1: 'PKIX_ECDSA_P384_SHA_384',
    secp521r1: 'PKIX_ECDSA_P521_SHA_512',
  };
  if (key.asymmetricKeyType === 'ed25519') return 'PKIX_ED25519';
  if (key.asymmetricKeyType === 'rsa') return `PKIX_RSA_PKCS1V15_${modulusLength}_SHA256`;
  const details = curves[namedCurve ?? ''];
  if (details !== undefined) return details;
  throw new SignerError('unsupported-key', `logs do not use ${key.asymmetricKeyType} keys of this kind`);
}
