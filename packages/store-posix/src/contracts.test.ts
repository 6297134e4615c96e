import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asTreeSize, type Hash } from '@tilewright/core/bytes';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { tilePath } from '@tilewright/core/tiles';
import {
  CHECKPOINT_CONTRACT_ORIGIN,
  type ContractSubject,
  checkpointStoreContract,
  dedupeIndexContract,
  objectStoreContract,
  realClock,
  realEntropy,
  recordEvents,
  sequenceStoreContract,
} from '@tilewright/log/testing';
import { describe, test } from 'vitest';
import { openPosixStore } from './open-posix-store.ts';
import type { PosixOptions, PosixStore } from './posix-options.ts';
import { SimulatedDisk } from './testing/simulated-disk.ts';
import { simulatedWorld } from './testing/simulated-world.ts';
import { unsignedNote } from './testing/unsigned-note.ts';

const identity = { origin: CHECKPOINT_CONTRACT_ORIGIN, logId: new Uint8Array(32).fill(7) as Uint8Array as Hash };
const limits = { segmentBytes: 256 * 1024, reserveBytes: 64 * 1024 };

type Place = () => Promise<{
  readonly options: () => Pick<PosixOptions, 'dir' | 'clock' | 'entropy' | 'events' | 'dedupe' | 'fs'>;
  readonly remove: () => Promise<void>;
}>;

const onTheMachine: Place = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tilewright-contract-'));
  return {
    options: () => ({ dir, clock: realClock(), entropy: realEntropy(), events: recordEvents(), dedupe: true }),
    remove: () => rm(dir, { recursive: true }),
  };
};

const inSimulation: Place = async () => {
  const disk = new SimulatedDisk();
  let openings = 0;
  return {
    options: () => ({ dir: '/log', fs: disk.process(), ...simulatedWorld(++openings), dedupe: 'in-memory' }),
    remove: async () => {},
  };
};

/** Without tiles and a checkpoint, a log that has entries is half a log: nobody opens it. */
async function publish({ objects, checkpoints }: PosixStore): Promise<void> {
  await objects.create(tilePath({ level: 0, index: 0, width: 1 }), new Uint8Array(32));
  const empty = { size: asTreeSize(0), root: EMPTY_ROOT };
  await checkpoints.replace(unsignedNote(identity.origin, empty), 'absent');
}

function subject<K extends 'objects' | 'checkpoints' | 'sequence' | 'dedupe'>(
  place: Place,
  port: K,
): () => Promise<ContractSubject<NonNullable<PosixStore[K]>>> {
  return async () => {
    const { options, remove } = await place();
    const open = (mode: PosixOptions['mode']): Promise<PosixStore> =>
      openPosixStore({ ...options(), identity, mode, limits });
    const portOf = (store: PosixStore): NonNullable<PosixStore[K]> => {
      const found = store[port];
      if (found === undefined) throw new Error(`the store has no ${port}`);
      return found;
    };
    let store = await open('create');
    return {
      store: portOf(store),
      reopen: async () => {
        await publish(store);
        await store.close();
        store = await open('open-or-create');
        return portOf(store);
      },
      dispose: async () => {
        await store.close();
        await remove();
      },
    };
  };
}

describe.each([
  ['on the machine', onTheMachine],
  ['in simulation', inSimulation],
] as const)('%s', (_, place) => {
  objectStoreContract(test, subject(place, 'objects'));
  checkpointStoreContract(test, subject(place, 'checkpoints'));
  sequenceStoreContract(test, subject(place, 'sequence'));
});

describe('on the machine', () => {
  dedupeIndexContract(test, subject(onTheMachine, 'dedupe'));
});
