import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatSigningConfig, formatTrustedRoot, makeSigningConfig, makeTrustedRoot } from '@tilewright/trust';
import { writeWhole } from '../files/write-whole.ts';
import type { ServeSettings } from '../serve/config/settings.ts';
import { serviceUrl } from '../serve/server-facts.ts';

/** The two documents of a log, and whether each had to be written. */
export interface TrustDocuments {
  readonly trustedRoot: string;
  readonly signingConfig: string;
  /** The documents that were new or had changed. */
  readonly written: readonly string[];
}

/**
 * Keeps `trusted_root.json` and `signing_config.json` in `directory` in step with the log's key and URL.
 * The URL's host is the origin, as clients demand; the key counts from the time of its file, or of the log.
 * @throws TrustError when the origin cannot be the host of a URL
 */
export function keepTrustDocuments(directory: string, settings: ServeSettings): TrustDocuments {
  const { key, origin, values, httpTls } = settings;
  const url = serviceUrl(httpTls === undefined ? 'http' : 'https', origin, values['http-port']);
  const validFor = { start: new Date(statSync(datedFile(settings)).mtimeMs) };
  const root = makeTrustedRoot({ tlogs: [{ baseUrl: url, ...key, validFor }] });
  const config = makeSigningConfig({ rekorTlogUrls: [{ url, majorApiVersion: 2, validFor, operator: origin }] });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const trustedRoot = join(directory, 'trusted_root.json');
  const signingConfig = join(directory, 'signing_config.json');
  const written = [
    keep(trustedRoot, formatTrustedRoot(root)) ? trustedRoot : '',
    keep(signingConfig, formatSigningConfig(config)) ? signingConfig : '',
  ].filter((path) => path !== '');
  return { trustedRoot, signingConfig, written };
}

/** A file that is as old as the key: its own, or where no file has it, the one that was made with the log and never again. */
function datedFile({ values, keyPlace }: ServeSettings): string {
  const keyFile = keyPlace === 'file' ? values['signer-filepath'] : undefined;
  return keyFile ?? join(values['storage-dir'], '.state/format.json');
}

function keep(path: string, text: string): boolean {
  try {
    if (readFileSync(path, 'utf8') === text) return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  writeWhole(path, text);
  return true;
}
