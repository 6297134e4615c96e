import type { LogVerifier } from '@tilewright/signer';
import type { NewFile } from '../../files/write-new.ts';
import type { FlagValues } from '../../flags/flag-table.ts';
import type { Io } from '../../terminal/io.ts';
import type { Fact } from '../../terminal/print-facts.ts';

/** The flags for what others need of a log's key. */
export const publicOutputFlags = {
  'public-key-out': { type: 'string', placeholder: 'FILE', help: 'Where to write the public key, as PEM.' },
  'key-id-out': {
    type: 'string',
    placeholder: 'FILE',
    help: "Where to write the log id, as base64: it stands in the log's entries and in trusted roots.",
  },
} as const;

/** The files that the flags ask for. */
export function publicFiles(values: FlagValues<typeof publicOutputFlags>, log: LogVerifier): NewFile[] {
  const { 'public-key-out': publicKey, 'key-id-out': keyId } = values;
  return [
    ...(publicKey === undefined ? [] : [{ path: publicKey, content: log.spkiPem, mode: 0o644 }]),
    ...(keyId === undefined ? [] : [{ path: keyId, content: `${log.logIdBase64}\n`, mode: 0o644 }]),
  ];
}

/** Their names. */
export function publicFileNames(values: FlagValues<typeof publicOutputFlags>): string[] {
  return [values['public-key-out'], values['key-id-out']].filter((path) => path !== undefined);
}

/** What is public about a log's key. */
export function logFacts(log: LogVerifier): { readonly [name: string]: Fact } {
  return { origin: log.origin, vkey: log.vkey, logId: log.logIdBase64, keyDetails: log.keyDetails };
}

/** How people see {@link logFacts}. */
export const LOG_FACTS = { origin: 'Origin', vkey: 'Vkey', logId: 'Log id', keyDetails: 'Key' } as const;

/** Warns of a key whose log some clients cannot verify. */
export function warnOfCurve({ keyDetails }: LogVerifier, io: Io): void {
  if (!/_P(384|521)_/.test(keyDetails)) return;
  io.err(
    'warning: sigstore-js cannot verify a log with a key on P-384 or P-521: it hashes with SHA-256 whatever the key; use ED25519 or ECDSA_P256 if it is among your clients',
  );
}
