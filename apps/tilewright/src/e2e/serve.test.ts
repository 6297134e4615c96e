import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { generateEd25519KeyPem } from '@tilewright/signer';
import { expect, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../testing/entry-request.ts';
import { runCli } from '../testing/run-cli.ts';
import { logPlace, serveLog } from '../testing/running-log.ts';
import { RunningProcess } from '../testing/running-process.ts';

test('a log starts, takes entries, says its facts, stops with 0, and goes on where it was', async () => {
  const place = await logPlace();
  const first = await serveLog(place);
  const body = entryRequest('hello');
  const created = await postEntry(place.url, body);
  expect(created.status).toBe(201);
  const entry = (await created.json()) as EntryJson;
  expect([entry.logIndex, entry.logId.keyId]).toEqual(['0', place.key.logIdBase64]);
  const duplicate = await postEntry(place.url, body);
  expect([duplicate.status, duplicate.headers.get('x-log-index')]).toEqual([409, '0']);
  expect(await (await fetch(`${place.url}/log-info`)).json()).toMatchObject({ vkey: place.key.vkey });
  expect(await (await fetch(place.metricsUrl)).text()).toContain('tilewright_log_published_size 1');
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  const lines = first.err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const der = Buffer.from(place.key.spki).toString('base64');
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'Loaded signing key', 'pubkey in base64 DER': der }));
  expect(lines).toContainEqual(
    expect.objectContaining({
      msg: 'log identity',
      origin: 'localhost',
      vkey: place.key.vkey,
      logId: place.key.logIdBase64,
    }),
  );
  expect(lines.at(-1)).toMatchObject({ level: 'INFO', msg: 'stopped' });
  expect(first.out).toBe('');

  const second = await serveLog(place, '--log-format=text');
  expect((await postEntry(place.url, body)).status).toBe(409);
  expect(((await (await postEntry(place.url, entryRequest('again'))).json()) as EntryJson).logIndex).toBe('1');
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
  expect(second.err).toMatch(/^time=\S+ level=INFO msg="starting tilewright"/);
});

test('a start that contradicts what is there is refused with 2, and says why', async () => {
  const place = await logPlace();
  const server = await serveLog(place);
  const locked = new RunningProcess(['serve', ...place.flags]);
  expect(await locked.ended).toBe(2);
  expect(locked.err).toContain(`another process holds this log (process ${server.child.pid}`);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);

  const otherKey = join(place.directory, 'other.pem');
  writeFileSync(otherKey, generateEd25519KeyPem(), { mode: 0o600 });
  const blocker = createServer();
  const port = Number(new URL(place.url).port);
  await new Promise<void>((resolve) => blocker.listen(port, '127.0.0.1', resolve));
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['--signer-filepath', otherKey], 'name the key that it was made with'],
    [['--hostname', 'other.test'], 'belongs to the log "localhost"'],
    [[], `127.0.0.1:${port} is in use`],
    [['--read-only', '--signer-filepath', otherKey], 'is not the one of --hostname localhost and this key'],
    [['--read-only', '--storage-dir', join(place.directory, 'nothing')], 'there is no log'],
  ];
  for (const [flags, message] of cases) {
    const { status, err } = await runCli(['serve', ...place.flags, ...flags]);
    expect([flags, status]).toEqual([flags, 2]);
    expect(err).toContain(message);
  }
  blocker.close();

  const format = join(place.storage, '.state/format.json');
  const text = readFileSync(format, 'utf8');
  writeFileSync(format, text.replace('"format":1', '"format":2'));
  const newer = await runCli(['serve', ...place.flags]);
  expect([newer.status, newer.err]).toEqual([2, expect.stringContaining('start the newer program')]);
  writeFileSync(format, text);
  const inside = join(place.storage, 'key.pem');
  writeFileSync(inside, readFileSync(place.keyFile), { mode: 0o600 });
  const published = await runCli(['serve', ...place.flags, '--signer-filepath', inside]);
  expect([published.status, published.err]).toEqual([2, expect.stringContaining('lies below --storage-dir')]);
});

test('a read-only server reads, answers 405 to submissions, and needs no lock', async () => {
  const place = await logPlace();
  const writer = await serveLog(place);
  await postEntry(place.url, entryRequest('one'));
  const other = await logPlace();
  const ports = other.flags.slice(6);
  const reader = new RunningProcess(['serve', ...place.flags.slice(0, 6), ...ports, '--read-only']);
  await reader.ready(`${other.url}/readyz`);
  const refused = await postEntry(other.url, entryRequest('two'));
  expect([refused.status, await refused.text()]).toEqual([
    405,
    'This log has been frozen, please switch to the latest log.\n',
  ]);
  const [theirs, ours] = await Promise.all(
    [writer, reader].map((_, i) => fetch(`${[place, other][i]?.url}/checkpoint`).then((r) => r.text())),
  );
  expect(ours).toBe(theirs);
  reader.child.kill('SIGTERM');
  expect(await reader.ended).toBe(0);
});

test('a client that never finishes holds up the shutdown no longer than its bound, and a second signal ends at once', async () => {
  const place = await logPlace();
  const server = await serveLog(place, '--tlog-timeout=30s');
  const socket = connect(Number(new URL(place.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /api/v2/log/entries HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
  await new Promise((resolve) => setTimeout(resolve, 100));
  server.child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(server.child.exitCode).toBeNull();
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(1);
  socket.destroy();
});

test('a log that cannot be written safely any more ends the process with 1 at once, and nothing is lost', async () => {
  const place = await logPlace();
  const server = await serveLog(place);
  await postEntry(place.url, entryRequest('before'));
  // As if somebody had cleaned up: from now on a second writer could get in.
  rmSync(join(place.storage, '.state/lock.db'));
  const answer = await postEntry(place.url, entryRequest('after')).catch(() => undefined);
  expect(answer?.ok ?? false).toBe(false);
  expect(await server.ended).toBe(1);
  expect(server.err).toContain('"msg":"the log failed"');
  expect(server.err).toContain('stopping at once');
  const again = await serveLog(place);
  expect((await fetch(`${place.url}/checkpoint`).then((r) => r.text())).split('\n')[1]).toMatch(/^[12]$/);
  again.child.kill('SIGTERM');
  expect(await again.ended).toBe(0);
});

test('the configuration is read from flags, environment and file, and all its mistakes are told with 2', async () => {
  const place = await logPlace();
  const config = join(place.directory, 'config.yaml');
  writeFileSync(config, `storage-dir: ${place.storage}\nhttp-prot: 1\nserver-timeout: 20\n`);
  const { status, err } = await runCli(['serve', '--config', config, '--grpc-port=x'], {
    TILEWRIGHT_LOG_LEVEL: 'loud',
    TILEWRIGHT_X: '1',
  });
  expect(status).toBe(2);
  for (const message of [
    'unknown key "http-prot" (did you mean http-port?)',
    'server-timeout: is a number here',
    '--grpc-port: "x" is not a whole number',
    'TILEWRIGHT_LOG_LEVEL: "loud" is not one of',
    'no key to sign with: name a key file with --signer-filepath',
    '"level":"WARN","msg":"the environment variable TILEWRIGHT_X is unknown',
  ]) {
    expect(err).toContain(message);
  }
});
