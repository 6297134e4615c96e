import { openKek } from '../kek/open-kek.ts';
import { requireOrigin } from '../keys/origin.ts';
import { requireKeyAgrees, type SigningKey } from '../keys/signing-key.ts';
import { DEFAULT_KMS_OPTIONS, type KmsOptions } from '../kms/kms-options.ts';
import { type LogKey, logKeyOf } from '../notes/log-key.ts';
import { primaryKey, readKeyset } from '../tink/keyset.ts';
import { clearKeyset, type Keyset } from '../tink/keyset-model.ts';
import { loadSignerFile } from './load-signer-file.ts';

/** Where a log's private key is kept. */
export type SignerSource =
  /** In a key file, as {@link loadSignerFile} reads them. */
  | { readonly kind: 'file'; readonly content: Uint8Array; readonly password?: Uint8Array | undefined }
  /** In a key management service, which signs: `gcpkms://…`, `awskms://…`. */
  | { readonly kind: 'kms'; readonly uri: string; readonly hash: 'sha256' | 'sha384' | 'sha512' }
  /** In a Tink keyset; without the URI of a key encryption key only one in clear text is read. */
  | { readonly kind: 'tink'; readonly kekUri: string | undefined; readonly keyset: Uint8Array };

/**
 * Loads a Rekor log's signing key from wherever it is kept. It signs once, and that must verify with its public half,
 * before it is returned: a service or keyset may name a public key that is another's (`kms-bad-answer`, `key-mismatch`).
 *
 * @param origin the log's name: 1 to 255 bytes, no white space, no `+`
 * @param kms how services are asked; each call is bounded in time
 * @throws SignerError of every code but `exists`
 */
export async function loadSigner(
  source: SignerSource,
  origin: string,
  kms: KmsOptions = DEFAULT_KMS_OPTIONS,
): Promise<LogKey> {
  requireOrigin(origin);
  if (source.kind === 'file') return loadSignerFile(source.content, origin, source.password);
  const key = source.kind === 'kms' ? await serviceKey(source, kms) : await keysetKey(source, kms);
  try {
    const loaded = logKeyOf(key, origin);
    await requireKeyAgrees(key, source.kind === 'kms' ? 'in the key management service' : 'in the keyset');
    return loaded;
  } catch (error) {
    await key.close?.();
    throw error;
  }
}

async function serviceKey({ uri, hash }: SignerSource & { kind: 'kms' }, kms: KmsOptions): Promise<SigningKey> {
  // Loaded only where it is named: the libraries of the services are large, and optional.
  const { openKmsKey } = await import('../kms/open-kms-key.ts');
  return openKmsKey(uri, hash, kms);
}

async function keysetKey({ kekUri, keyset }: SignerSource & { kind: 'tink' }, kms: KmsOptions): Promise<SigningKey> {
  const opened = await openedKeyset(keyset, kekUri, kms);
  try {
    return primaryKey(opened);
  } finally {
    clearKeyset(opened);
  }
}

/** The key encryption key is needed for this alone. */
async function openedKeyset(file: Uint8Array, kekUri: string | undefined, kms: KmsOptions): Promise<Keyset> {
  const kek = kekUri === undefined ? undefined : await openKek(kekUri, kms);
  try {
    return await readKeyset(file, kek);
  } finally {
    await kek?.close?.();
  }
}
