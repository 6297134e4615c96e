import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { ServerLog } from '../logging/server-log.ts';
import { ServerError } from '../server-error.ts';

/** Where a listener's certificate and key are. */
export interface CertificatePaths {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate chain and its key, in PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** The lowest TLS version that is spoken, as in rekor-tiles. */
export const MIN_TLS_VERSION = 'TLSv1.3';

async function fingerprintOf(paths: CertificatePaths): Promise<string> {
  const facts = await Promise.all([stat(paths.certFile), stat(paths.keyFile)]);
  return facts.map(({ ino, size, mtimeMs }) => `${ino}:${size}:${mtimeMs}`).join(' ');
}

async function load(paths: CertificatePaths): Promise<Certificate> {
  try {
    const [cert, key] = await Promise.all([readFile(paths.certFile), readFile(paths.keyFile)]);
    createSecureContext({ cert, key, minVersion: MIN_TLS_VERSION });
    return { cert, key };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `certificate ${paths.certFile} with key ${paths.keyFile} cannot be used: ${why}`;
    throw new ServerError('bad-certificate', message, { cause: error });
  }
}

/**
 * A certificate that follows its files: they are looked at every few seconds, and new ones are used for new connections.
 * Files that cannot be used (half written, say) change nothing and are said in the log, once a change.
 */
export class CertificateFiles {
  readonly #paths: CertificatePaths;
  readonly #log: ServerLog;
  readonly #listeners: ((certificate: Certificate) => void)[] = [];
  #fingerprint: string;
  #current: Certificate;
  #timer: NodeJS.Timeout | undefined;

  private constructor(paths: CertificatePaths, log: ServerLog, fingerprint: string, current: Certificate) {
    this.#paths = paths;
    this.#log = log;
    this.#fingerprint = fingerprint;
    this.#current = current;
  }

  /** Reads both files, and looks at them again every `intervalMs`. Throws {@link ServerError} 'bad-certificate'. */
  static async open(paths: CertificatePaths, log: ServerLog, intervalMs: number): Promise<CertificateFiles> {
    // Before they are read: files that change meanwhile are then seen to have changed.
    const fingerprint = await fingerprintOf(paths).catch(() => '');
    const files = new CertificateFiles(paths, log, fingerprint, await load(paths));
    files.#timer = setInterval(() => void files.refresh(), intervalMs).unref();
    return files;
  }

  get current(): Certificate {
    return this.#current;
  }

  /** Calls `listener` with each new certificate. */
  onChange(listener: (certificate: Certificate) => void): void {
    this.#listeners.push(listener);
  }

  /** Looks at the files now. Never throws. */
  async refresh(): Promise<void> {
    try {
      const fingerprint = await fingerprintOf(this.#paths);
      if (fingerprint === this.#fingerprint) return;
      this.#fingerprint = fingerprint;
      this.#current = await load(this.#paths);
      for (const listener of this.#listeners) listener(this.#current);
      this.#log.info('certificate read again', { certFile: this.#paths.certFile });
    } catch (error) {
      this.#log.warn('certificate kept: the new files cannot be used', {
        certFile: this.#paths.certFile,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
