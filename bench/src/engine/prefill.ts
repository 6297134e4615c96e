import { randomBytes } from 'node:crypto';
import { leafHash } from '@tilewright/core/hash';
import { type NewEntry, openLog } from '@tilewright/log';
import type { LogEvents } from '@tilewright/log/ports';
import { realClock, realEntropy } from '@tilewright/log/testing';
import type { LogKey } from '@tilewright/signer';
import { openPosixStore } from '@tilewright/store-posix';
import { canonicalBody } from '../crash/canonical-body.ts';
import { EntryMaker } from '../requests/entry-request.ts';

/** Entries under way at one time. */
const IN_FLIGHT = 2_048;
const REPORT_EVERY = 10_000;

/**
 * Takes a log in `directory` to `entries` entries through the real engine and store, durable and with the persistent
 * dedupe index on, without HTTP or signatures to check; makes the log where there is none. Entries have the size and
 * shape of hashedrekords, every second one with a certificate.
 */
export async function prefillLog(
  directory: string,
  key: LogKey,
  entries: number,
  report: (done: number) => void,
): Promise<void> {
  const clock = realClock();
  const entropy = realEntropy();
  const events: LogEvents = { emit: () => {} };
  const store = await openPosixStore({
    dir: directory,
    identity: key,
    clock,
    entropy,
    events,
    mode: 'open-or-create',
    dedupe: true,
  });
  const log = await openLog({
    ...store,
    origin: key.origin,
    signers: [key.signer],
    verifier: key.verifier,
    clock,
    entropy,
    events,
  });
  const bodies = fakeBodies();
  let started: number = log.published().tree.size;
  let done = started;
  const writer = async (): Promise<void> => {
    while (started < entries) {
      started += 1;
      await log.add(newEntry(bodies(started)));
      done += 1;
      if (done % REPORT_EVERY === 0) report(done);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, () => writer()));
  const how = await log.close({ timeoutMs: 60_000 });
  if (how !== 'settled') throw new Error('the engine did not settle within a minute');
}

function newEntry(data: Uint8Array): NewEntry {
  return { data, leafHash: leafHash(data) };
}

/** Bodies of two real requests with other digests: nothing here checks signatures. */
function fakeBodies(): (n: number) => Uint8Array {
  const maker = new EntryMaker(new Date());
  const templates = [false, true].map((certificate) => {
    const parts = maker.make(certificate);
    const [before = '', after = ''] = canonicalBody(parts)
      .toString()
      .split(Buffer.from(parts.digest).toString('base64'));
    return { before, after };
  });
  return (n) => {
    const template = templates[n % 2];
    return Buffer.from(`${template?.before}${randomBytes(32).toString('base64')}${template?.after}`);
  };
}
