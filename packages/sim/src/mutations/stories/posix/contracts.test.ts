import {
  type ContractSubject,
  checkpointStoreContract,
  objectStoreContract,
  sequenceStoreContract,
} from '@tilewright/log/testing';
import { openPosixStore, type PosixStore } from '@tilewright/store-posix';
import { SimulatedDisk, simulatedWorld } from '@tilewright/store-posix/testing';
import { test } from 'vitest';
import { IDENTITY, publishNothing, ROOT } from './scene.ts';

type Port = 'objects' | 'checkpoints' | 'sequence';

function subject<K extends Port>(port: K): () => Promise<ContractSubject<PosixStore[K]>> {
  return async () => {
    const disk = new SimulatedDisk();
    let openings = 0;
    const open = (): Promise<PosixStore> =>
      openPosixStore({
        fs: disk.process(),
        dir: ROOT,
        identity: IDENTITY,
        ...simulatedWorld(++openings),
        mode: 'open-or-create',
        dedupe: false,
        limits: { segmentBytes: 256 * 1024, reserveBytes: 64 * 1024 },
      });
    let store = await open();
    return {
      store: store[port],
      reopen: async () => {
        await publishNothing(store);
        await store.close();
        store = await open();
        return store[port];
      },
      dispose: () => store.close(),
    };
  };
}

objectStoreContract(test, subject('objects'));
checkpointStoreContract(test, subject('checkpoints'));
sequenceStoreContract(test, subject('sequence'));
