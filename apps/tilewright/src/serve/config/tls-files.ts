import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { readableFileProblem } from '../../files/readable-file.ts';

/** The two files of one listener's TLS. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The TLS files of one listener, `undefined` for none; what is wrong with them goes to `problems`. */
export function tlsFiles(
  listener: 'http' | 'grpc',
  certFile: string | undefined,
  keyFile: string | undefined,
  problems: string[],
): TlsFiles | undefined {
  if (!certFile && !keyFile) return undefined;
  const [certFlag, keyFlag] = [`--${listener}-tls-cert-file`, `--${listener}-tls-key-file`];
  if (!certFile || !keyFile) {
    problems.push(`${certFlag} and ${keyFlag} go together: ${certFile ? keyFlag : certFlag} is missing`);
    return undefined;
  }
  const unreadable = [readableFileProblem(certFlag, certFile), readableFileProblem(keyFlag, keyFile)].filter(
    (problem) => problem !== undefined,
  );
  problems.push(...unreadable);
  if (unreadable.length > 0) return undefined;
  try {
    const [cert, key] = [readFileSync(certFile), readFileSync(keyFile)];
    createSecureContext({ cert, key, minVersion: 'TLSv1.3' });
    // OpenSSL keeps a key of another kind beside the certificate without complaint.
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
      throw new Error('the key is not that of the certificate');
  } catch (error) {
    problems.push(`${certFlag} and ${keyFlag} are not a certificate and its key in PEM: ${(error as Error).message}`);
    return undefined;
  }
  return { certFile, keyFile };
}
