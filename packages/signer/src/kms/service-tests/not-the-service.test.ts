import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { expectCodeAsync } from '@tilewright/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { openKek } from '../../kek/open-kek.ts';
import { SignerError, type SignerErrorCode } from '../../signer-error.ts';

const GCP = 'gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k';
const AWS = 'aws-kms://arn:aws:kms:eu-central-1:123456789012:alias/a';
const PAGE = '<html>Welcome</html>';

/** A web server of either version of the protocol that answers everything with a page. */
function webServer(version: 1 | 2, status: number): Server {
  const headers = { 'content-type': 'text/html' };
  return version === 1
    ? createServer((_, response) => void response.writeHead(status, headers).end(PAGE))
    : createHttp2Server((_, response) => void response.writeHead(status, headers).end(PAGE));
}

test.each<[string, 1 | 2, number, SignerErrorCode, RegExp]>([
  [AWS, 1, 200, 'kms-bad-answer', /not a message of this service/],
  [AWS, 1, 404, 'kms-bad-answer', /not a message of this service/],
  [AWS, 1, 503, 'kms-unavailable', /HTTP status 503 \(tried 2 times\)/],
  [AWS, 2, 200, 'kms-unavailable', /Parse Error/],
  [GCP, 1, 200, 'kms-unavailable', /Protocol error.*tried 2 times/],
  [GCP, 2, 200, 'kms-bad-answer', /not a message of this service/],
  [GCP, 2, 404, 'kms-bad-answer', /not from this service/],
  [GCP, 2, 503, 'kms-unavailable', /tried 2 times/],
])('%s, answered over HTTP/%i with %i and a web page: %s', async (uri, version, status, code, message) => {
  const server = webServer(version, status).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kek = await openKek(uri, { timeoutMs: 5000, retries: 1, gcpEndpoint: url, awsEndpoint: url });
  onTestFinished(() => kek.close?.());
  const error = await expectCodeAsync(() => kek.decrypt(new Uint8Array(50), new Uint8Array()), SignerError, code);
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain('Welcome');
});
