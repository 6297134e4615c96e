import { encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { DEFAULT_LOG_OPTIONS, type Log, type LogDeps, type LogOptions, type NewEntry, openLog } from '@tilewright/log';
import { realClock, realEntropy, recordEvents } from '@tilewright/log/testing';
import { type MemoryStore, openMemoryStore } from '@tilewright/store-memory';
import { logSigner, logVerifier, ORIGIN } from '../../../world/log-key.ts';

/** Settings under which a few entries meet every limit. */
export const TIGHT: LogOptions = {
  ...DEFAULT_LOG_OPTIONS,
  tileHeight: 1,
  retry: { firstMs: 1, lastMs: 4 },
  outstanding: { maxEntries: 3, maxBytes: 60 },
  dedupe: { maxLag: 100, batch: 10, intervalMs: 1, recent: 4 },
};

/** Entry number `i`: 7 bytes. */
export function entry(i: number): NewEntry {
  const data = encodeUtf8(`entry ${i}`);
  return { data, leafHash: leafHash(data) };
}

/** Opens the log on `store`, with some of its parts replaced. */
export function openOn(store: MemoryStore, changed: Partial<LogDeps> = {}, options: LogOptions = TIGHT): Promise<Log> {
  const { objects, checkpoints, sequence, dedupe } = store;
  return openLog(
    {
      origin: ORIGIN,
      signers: [logSigner(() => {})],
      verifier: logVerifier,
      objects,
      checkpoints,
      sequence,
      dedupe,
      clock: realClock(),
      entropy: realEntropy(),
      events: recordEvents(),
      ...changed,
    },
    options,
  );
}

/** A store with a closed log of `entries` entries on it. */
export async function storeWith(entries: number): Promise<MemoryStore> {
  const store = openMemoryStore();
  const log = await openOn(store);
  for (let i = 0; i < entries; i++) {
    // The limits are tight: one entry after the other can be too fast for the dedupe index.
    while (log.status().dedupeLag > 0) await realClock().turn();
    await log.add(entry(i));
  }
  await log.close({ timeoutMs: 5_000 });
  return store;
}

/** Changes one byte of a stored object. */
export function damage({ state }: MemoryStore, path: string, at = 0): void {
  const bytes = state.objects.get(path)?.slice();
  if (bytes === undefined) throw new Error(`${path} is not there`);
  bytes[at] = (bytes[at] ?? 0) + 1;
  state.objects.set(path, bytes);
}
