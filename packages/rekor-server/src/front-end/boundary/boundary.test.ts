import { MessageChannel } from 'node:worker_threads';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { verifyInclusion } from '@tilewright/core/merkle';
import { DEFAULT_LOG_OPTIONS, type Log, LogError, type LogOptions, openLog } from '@tilewright/log';
import { realClock, realEntropy } from '@tilewright/log/testing';
import { generateEd25519KeyPem, loadSignerFile } from '@tilewright/signer';
import { openMemoryStore } from '@tilewright/store-memory';
import { expect, onTestFinished, test } from 'vitest';
import { gatedStore } from '../../../testing/slow-store.ts';
import { until } from '../../../testing/until.ts';
import type { FromFrontEnd, ToFrontEnd } from './messages.ts';
import { PublicationNumbers } from './receipts.ts';
import { RemoteLog } from './remote-log.ts';
import { ServedLog } from './served-log.ts';

const key = loadSignerFile(generateEd25519KeyPem(), 'boundary.test');

/** A log, and the same log behind a real message channel, which clones and moves as between threads. */
async function start(limits: Partial<LogOptions> = {}, answerWhen: 'published' | 'durable' = 'published') {
  const { store, gate } = gatedStore(openMemoryStore());
  const { objects, checkpoints, sequence, dedupe } = store;
  const log: Log = await openLog(
    {
      origin: key.origin,
      signers: [key.signer],
      verifier: key.verifier,
      objects,
      checkpoints,
      sequence,
      dedupe,
      clock: realClock(),
      entropy: realEntropy(),
      events: { emit: () => undefined },
    },
    { ...DEFAULT_LOG_OPTIONS, ...limits },
  );
  const { port1, port2 } = new MessageChannel();
  const remote = new RemoteLog((message, transfer) => port1.postMessage(message, transfer));
  const served = new ServedLog(log, answerWhen, new PublicationNumbers(), (message, transfer) =>
    port2.postMessage(message, transfer),
  );
  let messages = 0;
  port1.on('message', (message: Extract<ToFrontEnd, { type: 'receipts' | 'refusals' | 'proven' }>) => {
    messages += 1;
    remote.receive(message);
  });
  port2.on('message', (message: FromFrontEnd) => {
    if (message.type === 'submissions') served.take(message);
    if (message.type === 'prove') void served.prove(message);
  });
  onTestFinished(async () => {
    gate.open();
    await log.close({ timeoutMs: 1000 });
    port1.close();
  });
  return { log, remote, served, gate, messages: () => messages };
}

function entry(text: string) {
  const data = encodeUtf8(text);
  return { data, leafHash: leafHash(data) };
}

test('entries of one turn cross together, and each gets the proof of its own place', async () => {
  const { log, remote, messages } = await start();
  const entries = Array.from({ length: 700 }, (_, i) => entry(`entry ${i}${'.'.repeat(i)}`));
  const expectations = entries.map(() => remote.expect());
  const receipts = await Promise.all(entries.map((one, i) => remote.add(one, { expectation: expectations[i] })));
  for (const [i, { index, duplicate, publication, proof }] of receipts.entries()) {
    expect(duplicate).toBe(false);
    if (proof === undefined) throw new Error(`entry ${i} has no proof`);
    verifyInclusion(entries[i]?.leafHash ?? leafHash(new Uint8Array(0)), index, publication.tree, proof);
  }
  expect(receipts.map(({ index }) => index)).toEqual(entries.map((_, i) => i));
  // What is written of a publication is kept by its identity.
  expect(new Set(receipts.map(({ publication }) => publication)).size).toBeLessThanOrEqual(messages());
  expect(log.status().entries).toBe(0);
  const again = await remote.add(entry('entry 0'));
  expect([again.index, again.duplicate, again.proof]).toEqual([0, true, undefined]);
});

test('an entry and its proof come back as the log has them, and what is not there is said so', async () => {
  const { log, remote } = await start();
  await Promise.all([remote.add(entry('a')), remote.add(entry(''))]);
  for (const index of [0, 1]) expect(await remote.prove(index)).toEqual(await log.prove(index));
  await expect(remote.prove(2)).rejects.toMatchObject({ name: 'LogError', code: 'not-found' });
});

test('a refusal keeps its code, its reason and when to come again', async () => {
  const { remote, gate, log } = await start({ outstanding: { maxEntries: 2, maxBytes: 1000 } });
  gate.close();
  const first = [remote.add(entry('a')), remote.add(entry('b'))];
  await until(() => log.status().entries === 2);
  const refused: unknown = await remote.add(entry('c')).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LogError);
  expect(refused).toMatchObject({ code: 'pushback', reason: 'integration', retryAfterMs: 1000 });
  gate.open();
  expect((await Promise.all(first)).map(({ index }) => index)).toEqual([0, 1]);
});

test('places come when they are durable, without a checkpoint', async () => {
  const { remote } = await start({ duplicates: 'keep' }, 'durable');
  const places = await Promise.all(['a', 'a', 'b'].map((text) => remote.sequence(entry(text))));
  expect(places).toEqual([0, 1, 2].map((index) => ({ index, duplicate: false })));
});

test('who goes away is let go of at once, and the entry stays', async () => {
  const { remote, gate, log } = await start();
  gate.close();
  const leaving = new AbortController();
  const gone = remote.add(entry('a'), { signal: leaving.signal });
  await until(() => log.status().entries === 1);
  leaving.abort('canceled');
  await expect(gone).rejects.toMatchObject({ code: 'aborted' });
  await expect(remote.add(entry('b'), { signal: leaving.signal })).rejects.toMatchObject({ code: 'aborted' });
  gate.open();
  await until(() => log.status().published >= 1);
  expect((await log.prove(0)).entry).toEqual(encodeUtf8('a'));
});

test('what a front end announced and never brought does not hold up others', async () => {
  const { remote, served, log } = await start();
  const announced = [remote.expect(), remote.expect(), remote.expect()];
  await new Promise((resolve) => setTimeout(resolve, 20));
  announced[0]?.cancel();
  announced[0]?.cancel();
  served.leave();
  const { index } = await log.add(entry('alone'));
  expect(index).toBe(0);
});

test('an error that is none of the log stays one, without its class', async () => {
  const { remote, log } = await start();
  log.prove = () => Promise.reject(new TypeError('a mistake'));
  await expect(remote.prove(0)).rejects.toThrow('a mistake');
});
