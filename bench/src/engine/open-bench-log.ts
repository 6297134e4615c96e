import { leafHash } from '@tilewright/core/hash';
import { DEFAULT_LOG_OPTIONS, type Log, type LogOptions, type NewEntry, openLog } from '@tilewright/log';
import type { LogEvents, Witnesses } from '@tilewright/log/ports';
import { realClock, realEntropy } from '@tilewright/log/testing';
import { loadSignerFile } from '@tilewright/signer';
import { openMemoryStore } from '@tilewright/store-memory';
import { openPosixStore } from '@tilewright/store-posix';

/** Which store a log of a benchmark is on: a disk with the persistent dedupe index, a disk without it, or memory. */
export type StoreKind = 'posix' | 'posix, no dedupe index' | 'memory';

/** Where and how a log of a benchmark is opened. */
export interface BenchLog {
  readonly store: StoreKind;
  /** For a log on disk. */
  readonly directory: string;
  readonly keyPem: string;
  readonly origin: string;
}

/** Opens the log with the server's defaults, or with other limits; what it emits is thrown away unless somebody listens. */
export async function openBenchLog(
  { store, directory, keyPem, origin }: BenchLog,
  limits: Partial<LogOptions> = {},
  attendants: { readonly events?: LogEvents; readonly witnesses?: Witnesses | undefined } = {},
): Promise<Log> {
  const key = loadSignerFile(keyPem, origin);
  const clock = realClock();
  const entropy = realEntropy();
  const { events = { emit: () => {} }, witnesses } = attendants;
  const world = { clock, entropy, events };
  const ports =
    store === 'memory'
      ? openMemoryStore()
      : await openPosixStore({
          ...world,
          dir: directory,
          identity: key,
          mode: 'open-or-create',
          dedupe: store === 'posix',
        });
  const { objects, checkpoints, sequence, dedupe } = ports;
  return openLog(
    {
      ...world,
      origin,
      signers: [key.signer],
      verifier: key.verifier,
      objects,
      checkpoints,
      sequence,
      dedupe,
      witnesses,
    },
    { ...DEFAULT_LOG_OPTIONS, ...limits },
  );
}

/** Distinct entries of `bytes` bytes, as they arrive: the leaf hash is made here, as a server's threads make it. */
export function entryMaker(bytes: number, firstNumber: number): () => NewEntry {
  let number = firstNumber;
  const filling = Buffer.alloc(bytes, 'tilewright ');
  return () => {
    const data = new Uint8Array(filling);
    // Ten digits tell ten thousand million entries apart.
    const digits = String(number).padStart(10, '0');
    for (let i = 0; i < 10; i++) data[i] = digits.charCodeAt(i);
    number += 1;
    return { data, leafHash: leafHash(data) };
  };
}
