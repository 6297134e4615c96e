import { readFileSync, statSync } from 'node:fs';
import type { KmsOptions, SignerSource } from '@tilewright/signer';
import { isInside } from '../../../files/path-inside.ts';
import { readableFileProblem } from '../../../files/readable-file.ts';
import type { FlagValues } from '../../../flags/flag-table.ts';
import type { Findings } from '../findings.ts';
import type { signerFlags } from './signer-flags.ts';

/** The values of the flags that say where the key is. */
export type SignerValues = FlagValues<typeof signerFlags>;

/** Where a log's key is kept. */
export type SignerPlace = SignerSource['kind'];

const FILE_KEK = 'file-kek://';
const DEFAULT_TIMEOUT_S = 5;

/**
 * The place that is used: a file before a service before a keyset, as rekor-tiles has it. One that others than the
 * operator chose comes last. `undefined` when none is named.
 * @param fileIsDefault whether nobody gave the name of the key file
 */
export function signerPlace(values: SignerValues, fileIsDefault = false): SignerPlace | undefined {
  const hasFile = isSet(values['signer-filepath']);
  if (hasFile && !fileIsDefault) return 'file';
  if (isSet(values['signer-kmskey'])) return 'kms';
  if (isSet(values['signer-tink-keyset-path']) || isSet(values['signer-tink-kek-uri'])) return 'tink';
  return hasFile ? 'file' : undefined;
}

/** Says which flags name places that are not used. */
export function warnOfUnused(values: SignerValues, place: SignerPlace, found: Findings): void {
  const used = { file: 'signer-filepath', kms: 'signer-kmskey', tink: 'signer-tink-keyset-path' } as const;
  const after = {
    file: ['signer-kmskey', 'signer-tink-keyset-path'],
    kms: ['signer-tink-keyset-path'],
    tink: [],
  } as const;
  for (const flag of after[place]) {
    if (isSet(values[flag])) found.warnings.push(`--${flag} is not used: --${used[place]} goes before it`);
  }
}

/** What the flags name, read; `undefined` and problems when that fails. */
export function signerSource(
  values: SignerValues,
  place: SignerPlace,
  storageDir: string | undefined,
  found: Findings,
): SignerSource | undefined {
  switch (place) {
    case 'file': {
      const content = readKeyFile('--signer-filepath', values['signer-filepath'] ?? '', storageDir, found);
      return content && { kind: 'file', content };
    }
    case 'kms':
      return { kind: 'kms', uri: values['signer-kmskey'] ?? '', hash: hashOf(values['signer-kmshash']) };
    case 'tink':
      return keysetSource(values, storageDir, found);
  }
}

function keysetSource(values: SignerValues, storageDir: string | undefined, found: Findings): SignerSource | undefined {
  const path = values['signer-tink-keyset-path'];
  const kekUri = isSet(values['signer-tink-kek-uri']) ? values['signer-tink-kek-uri'] : undefined;
  if (!isSet(path)) {
    found.problems.push(
      '--signer-tink-keyset-path is missing: it names the keyset that --signer-tink-kek-uri decrypts',
    );
    return undefined;
  }
  if (kekUri?.startsWith(FILE_KEK))
    refuseInside('--signer-tink-kek-uri', kekUri.slice(FILE_KEK.length), storageDir, found);
  const keyset = readKeyFile('--signer-tink-keyset-path', path, storageDir, found, kekUri === undefined);
  return keyset && { kind: 'tink', kekUri, keyset };
}

/** The values of the flags that say how services are asked. */
export type KmsValues = Pick<
  SignerValues,
  'gcp-kms-retries' | 'gcp-kms-timeout' | 'gcp-kms-endpoint' | 'aws-kms-endpoint'
>;

/** How services are asked. @param signal ends the wait for them */
export function kmsOptions(values: KmsValues, signal: AbortSignal | undefined): KmsOptions {
  return {
    timeoutMs: 1000 * (values['gcp-kms-timeout'] || DEFAULT_TIMEOUT_S),
    retries: values['gcp-kms-retries'],
    gcpEndpoint: values['gcp-kms-endpoint'],
    awsEndpoint: values['aws-kms-endpoint'],
    signal,
  };
}

/**
 * The content of a file with a private key; `undefined` and a problem when it cannot be read.
 * @param isSecret whether whoever reads the file has the key
 */
export function readKeyFile(
  flag: string,
  path: string,
  storageDir: string | undefined,
  found: Findings,
  isSecret = true,
): Uint8Array | undefined {
  const unreadable = readableFileProblem(flag, path);
  if (unreadable !== undefined) {
    found.problems.push(unreadable);
    return undefined;
  }
  refuseInside(flag, path, storageDir, found);
  if (isSecret) warnOfReaders(flag, path, found);
  return readFileSync(path);
}

/** Warns when others than the owner can use a secret file. */
export function warnOfReaders(flag: string, file: string, found: Findings): void {
  const mode = statSync(file).mode % 0o1000;
  if (process.platform === 'win32' || mode % 0o100 === 0) return;
  found.warnings.push(`${flag}: others than the owner can use ${file} (mode ${mode.toString(8)}): chmod 600 ${file}`);
}

function refuseInside(flag: string, file: string, storageDir: string | undefined, found: Findings): void {
  if (storageDir === undefined || !isInside(file, storageDir)) return;
  found.problems.push(
    `${flag}: ${file} lies below --storage-dir: a web server for that directory would publish the key; move it elsewhere`,
  );
}

/** The flag table allows these three alone. */
function hashOf(text: string): 'sha256' | 'sha384' | 'sha512' {
  return text === 'sha384' || text === 'sha512' ? text : 'sha256';
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
