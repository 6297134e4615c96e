import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fulcioHandler, initializeCA, initializeCTLog, initializeTSA, tsaHandler } from '@sigstore/mock';
import type { AuthorityInput, LogInput } from '@tilewright/trust';
import { onTestFinished } from 'vitest';

/** A certificate authority, its transparency log and a time-stamp authority on a loopback port. */
export interface SigstoreServices {
  readonly url: string;
  readonly trusted: {
    readonly certificateAuthorities: readonly AuthorityInput[];
    readonly ctlogs: readonly LogInput[];
    readonly timestampAuthorities: readonly AuthorityInput[];
  };
  /** An identity token for this subject. */
  token(subject: string, issuer: string): string;
}

/**
 * Authorities made within one second: the time that they stamp is its beginning, and their certificates are valid from the
 * second in which they are made. Whole seconds: sigstore-js takes time stamps with no fraction, or with exactly three digits.
 */
async function authorities() {
  const ec = (namedCurve: 'P-256' | 'P-384') => generateKeyPairSync('ec', { namedCurve });
  for (;;) {
    const now = thisSecond();
    const ctLog = await initializeCTLog(ec('P-256'), now);
    const ca = await initializeCA(ec('P-384'), ctLog, now);
    const tsa = await initializeTSA(ec('P-384'), now);
    if (thisSecond().getTime() === now.getTime()) return { now, ctLog, ca, tsa };
  }
}

function thisSecond(): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000);
}

/** Starts `@sigstore/mock`'s services; they go when the test ends. */
export async function sigstoreServices(): Promise<SigstoreServices> {
  const { now, ctLog, ca, tsa } = await authorities();
  const handlers = [fulcioHandler(ca), tsaHandler(tsa)];
  const server = createServer(async (request, response) => {
    const handler = handlers.find(({ path }) => path === request.url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await handler?.fn(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(answer?.statusCode ?? 404, { 'content-type': answer?.contentType ?? 'text/plain' });
    response.end(answer?.response ?? 'not found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const validFor = { start: new Date(now.getTime() - 1000) };
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
    new Uint8Array(buffer, byteOffset, byteLength);
  const subject = { organization: 'sigstore.mock', commonName: 'sigstore' };
  return {
    url,
    trusted: {
      certificateAuthorities: [{ subject, uri: url, certChain: [bytes(ca.rootCertificate)], validFor }],
      ctlogs: [
        {
          baseUrl: url,
          spki: ctLog.publicKey,
          keyDetails: 'PKIX_ECDSA_P256_SHA_256',
          logId: bytes(ctLog.logID),
          validFor,
        },
      ],
      timestampAuthorities: [
        {
          subject,
          uri: `${url}/api/v1/timestamp`,
          certChain: [bytes(tsa.intCertificate), bytes(tsa.rootCertificate)],
          validFor,
        },
      ],
    },
    token: (sub, iss) => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const iat = Math.floor(Date.now() / 1000);
      return `${part({ alg: 'none' })}.${part({ iss, sub, aud: 'sigstore', iat, exp: iat + 600 })}.`;
    },
  };
}
