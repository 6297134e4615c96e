import { ClientError, type TileSource } from '@tilewright/client';
import type { TilePath } from '@tilewright/core/tiles';
import { LogError } from '@tilewright/log';
import type { GcpReader } from '@tilewright/store-gcp';
import {
  type BucketPlace,
  GcpError,
  parseBucketName,
  parsePrefix,
  parseStorageEmulatorHost,
} from '@tilewright/store-gcp/place';
import { CommandError } from '../cli/command-error.ts';
import { nodeClock, nodeEntropy } from '../serve/storage/node-world.ts';

/** The environment variable that names an emulator of Cloud Storage. */
export type BucketEnvironment = Readonly<Record<string, string | undefined>>;

/** The log at `gs://bucket[/prefix]`, read with the credentials of this machine. @throws CommandError 'usage' */
export function bucketSource(word: string, env: BucketEnvironment): TileSource {
  const place = placeOf(word, env);
  let opened: Promise<GcpReader> | undefined;
  const reader = (): Promise<GcpReader> => {
    opened ??= import('@tilewright/store-gcp').then(({ openGcpReader }) =>
      openGcpReader(place, { clock: nodeClock, entropy: nodeEntropy }),
    );
    return opened;
  };
  return {
    label: word,
    async read(path, signal) {
      try {
        const { objects, checkpoints } = await reader();
        return path === 'checkpoint' ? (await checkpoints.read())?.note : await objects.read(path as TilePath, signal);
      } catch (error) {
        if (!(error instanceof LogError || error instanceof GcpError)) throw error;
        throw new ClientError(error.code === 'aborted' ? 'aborted' : 'network', error.message, { cause: error });
      }
    },
  };
}

function placeOf(word: string, env: BucketEnvironment): BucketPlace {
  const [, bucket = '', prefix = ''] = /^gs:\/\/([^/]*)\/?(.*)$/.exec(word) ?? [];
  const emulator = env.STORAGE_EMULATOR_HOST;
  try {
    return {
      bucket: parseBucketName(bucket),
      prefix: parsePrefix(prefix),
      endpoint: emulator === undefined || emulator === '' ? undefined : parseStorageEmulatorHost(emulator),
    };
  } catch (error) {
    if (!(error instanceof GcpError)) throw error;
    throw new CommandError('usage', `${word}: ${error.message}`, { cause: error });
  }
}
