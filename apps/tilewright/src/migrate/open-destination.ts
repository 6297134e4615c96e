import type { LogVerifier } from '@tilewright/signer';
import { openPosixStore } from '@tilewright/store-posix';
import type { FlagValues } from '../flags/flag-table.ts';
import { nodeClock, nodeEntropy } from '../serve/storage/node-world.ts';
import { storageError } from '../serve/storage/storage-error.ts';
import type { Destination } from './destination.ts';

/** The flags that say where a log is copied to, with the names that `serve` has for them. */
export const destinationFlags = {
  'storage-dir': {
    type: 'string',
    placeholder: 'DIRECTORY',
    required: true,
    help: 'Directory to copy the log into, as serve will have it. It is made when it does not exist; it may hold what an earlier run has copied.',
  },
  personality: {
    type: 'string',
    default: 'rekor',
    choices: ['rekor', 'raw'],
    help: 'What the entries are: those of Rekor v2, or with raw any bytes, as serve --personality has it.',
  },
} as const;

/** Which store, and for whom. */
export type DestinationFlags = FlagValues<typeof destinationFlags>;

/**
 * Opens the store that the flags name for the log of `key`; it makes one where nothing of one is.
 *
 * @param tell takes a sentence for the operator: what was damaged and repaired
 * @throws CommandError 'refused' for the store of another log, one that somebody uses, or something else
 */
export async function openDestination(
  flags: DestinationFlags,
  key: Pick<LogVerifier, 'origin' | 'logId'>,
  tell: (line: string) => void,
): Promise<Destination> {
  const dir = flags['storage-dir'];
  const { origin, logId } = key;
  try {
    const store = await openPosixStore({
      dir,
      identity: { origin, logId, entries: flags.personality === 'raw' ? 'raw' : undefined },
      clock: nodeClock,
      entropy: nodeEntropy,
      events: { emit: (event) => event.type === 'repaired' && tell(`${event.path}: ${event.detail}`) },
      mode: 'migrate',
      // A server that goes on from here makes its index from the tiles.
      dedupe: false,
    });
    const { objects, checkpoints, sequence, migration } = store;
    return { label: dir, objects, checkpoints, sequence, mark: migration, close: () => store.close() };
  } catch (error) {
    throw storageError(error);
  }
}
