import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { SignerError } from '../../signer-error.ts';
import { parseEndpoint } from './endpoint.ts';

test.each([
  ['https://kms.example', 'https://kms.example:443', 'kms.example', 443, false],
  ['https://kms.example:443', 'https://kms.example:443', 'kms.example', 443, false],
  ['https://kms.example:8443/', 'https://kms.example:8443', 'kms.example', 8443, false],
  ['https://127.0.0.1:8443', 'https://127.0.0.1:8443', '127.0.0.1', 8443, false],
  ['http://127.0.0.1:9', 'http://127.0.0.1:9', '127.0.0.1', 9, true],
  ['http://127.8.9.10:9', 'http://127.8.9.10:9', '127.8.9.10', 9, true],
  ['http://localhost', 'http://localhost:80', 'localhost', 80, true],
  ['http://[::1]:9', 'http://[::1]:9', '[::1]', 9, true],
])('%s is an endpoint', (text, url, host, port, insecure) => {
  expect(parseEndpoint(text)).toEqual({ url, host, port, insecure });
});

test.each([
  '',
  'kms.example',
  'kms.example:443',
  'localhost:9',
  'ftp://127.0.0.1',
  'https://user@kms.example',
  'https://kms.example/path',
  'https://kms.example?query',
  'https://kms.example:99999',
])('%s is none', (text) => {
  expect(expectCode(() => parseEndpoint(text), SignerError, 'bad-uri').message).toContain('https://HOST[:PORT]');
});

test.each([
  'http://kms.example',
  'http://127.0.0.1.example',
  'http://10.0.0.1',
  'http://localhost.example',
  'http://0.0.0.0',
])('%s is not on this machine, and keys are not sent there in the clear', (text) => {
  expect(expectCode(() => parseEndpoint(text), SignerError, 'bad-uri').message).toContain('in the clear');
});
