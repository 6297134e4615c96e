import { SignerError } from '../../signer-error.ts';
import { clip } from './kms-fault.ts';

/** Where a service answers. */
export interface Endpoint {
  /** `https://HOST:PORT` or `http://HOST:PORT`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** In the clear, on the loopback interface: no credentials are sent there. */
  readonly insecure: boolean;
}

const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/**
 * Reads an endpoint: `https://HOST[:PORT]`, or `http://HOST[:PORT]` on the loopback interface.
 * @throws SignerError `bad-uri`
 */
export function parseEndpoint(text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isPlain(url)) {
    throw new SignerError(
      'bad-uri',
      'an endpoint of a key management service is written https://HOST[:PORT], or http://127.0.0.1:PORT for one on this ' +
        'machine, without a user, path or query',
    );
  }
  const insecure = url.protocol === 'http:';
  if (insecure && !LOOPBACK.test(url.hostname)) {
    throw new SignerError(
      'bad-uri',
      `keys are not sent in the clear to ${clip(url.host)}; write https://${clip(url.host)}`,
    );
  }
  const port = url.port === '' ? (insecure ? 80 : 443) : Number(url.port);
  return { url: `${url.protocol}//${url.hostname}:${port}`, host: url.hostname, port, insecure };
}

function isPlain({ protocol, username, password, pathname, search, hash }: URL): boolean {
  return /^https?:$/.test(protocol) && username + password + search + hash === '' && pathname === '/';
}
