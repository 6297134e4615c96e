import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TLS_CERTIFICATE, TLS_KEY } from '@tilewright/signer/testing';
import { expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';
import { logPlace } from '../testing/running-log.ts';
import { RunningProcess } from '../testing/running-process.ts';

test.each([1, 2])(
  'with certificates, submissions and reads go over TLS, by HTTP and gRPC, on %i threads',
  async (threads) => {
    const place = await logPlace();
    const [cert, key, file] = ['cert.pem', 'tls-key.pem', 'file'].map((name) => join(place.directory, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(cert, TLS_CERTIFICATE);
    writeFileSync(key, TLS_KEY);
    writeFileSync(file, 'x');
    const tls = ['http', 'grpc'].flatMap((name) => [
      `--${name}-tls-cert-file=${cert}`,
      `--${name}-tls-key-file=${key}`,
    ]);
    const server = new RunningProcess(['serve', ...place.flags, ...tls, `--http-workers=${threads}`]);
    const url = place.url.replace('http:', 'https:');
    while (!server.err.includes('"ready"')) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.err).toContain(`"http":"${url}"`);

    const vkey = ['--vkey', place.key.vkey];
    const overGrpc = await runCli([
      'submit',
      file,
      '--grpc',
      `https://${place.grpc}`,
      '--grpc-ca',
      cert,
      '--new-key',
      join(place.directory, 'k'),
      ...vkey,
    ]);
    expect([overGrpc.status, overGrpc.err]).toEqual([0, '']);
    const trusting = { env: { NODE_EXTRA_CA_CERTS: cert } };
    for (const words of [
      ['submit', file, '--url', url, '--key', join(place.directory, 'k'), ...vkey],
      ['log', 'fsck', url, ...vkey],
    ]) {
      const command = new RunningProcess(words, trusting);
      expect([await command.ended, command.err]).toEqual([0, '']);
    }
    const distrusting = await runCli(['log', 'status', url, ...vkey]);
    expect([distrusting.status, distrusting.err]).toEqual([1, expect.stringContaining('certificate')]);
    const plain = await runCli(['submit', file, '--grpc', place.grpc, '--key', join(place.directory, 'k'), ...vkey]);
    expect(plain.status).toBe(1);
  },
);
