import type { BucketPlace } from '../place/bucket-place.ts';
import type { Dialect } from './emulator.ts';

/** The parts of `@google-cloud/storage` that are used: credentials, listings, and a checksum that Node lacks. */
export interface StorageSdk {
  /** The headers that say who asks: none for an emulator. */
  credentials(): Promise<Readonly<Record<string, string>>>;
  /** The names of objects that begin with `prefix`: the first of them up to `most`, or all, in order. One call a page. */
  list(prefix: string, most: number | undefined, onPage: () => void): Promise<readonly string[]>;
  /** CRC-32C in the form of `x-goog-hash`. */
  crc32c(bytes: Uint8Array): string;
}

/** Loads the library: not before somebody needs it. Its own retries are off: `retrying` decides. */
export async function openStorageSdk(place: BucketPlace, dialect: Dialect, timeoutMs: number): Promise<StorageSdk> {
  const { Storage, CRC32C } = await import('@google-cloud/storage');
  const storage = new Storage({
    apiEndpoint: dialect.endpoint,
    useAuthWithCustomEndpoint: dialect.hasCredentials,
    retryOptions: { autoRetry: false, maxRetries: 0 },
    timeout: timeoutMs,
    // Nothing that is asked names a project; without one the library asks other services of Google for it, and fails with them.
    projectId: 'none',
  });
  // Where STORAGE_EMULATOR_HOST is set the library takes it for a base without the path of the API, over what it was told.
  storage.baseUrl = `${dialect.endpoint}/storage/v1`;
  const bucket = storage.bucket(place.bucket);
  return {
    async credentials() {
      if (!dialect.hasCredentials) return {};
      return Object.fromEntries(await storage.authClient.getRequestHeaders(dialect.endpoint));
    },
    async list(prefix, most, onPage) {
      const names: string[] = [];
      let pageToken: string | undefined;
      do {
        onPage();
        const query = {
          prefix,
          autoPaginate: false,
          ...(most && { maxResults: most }),
          ...(pageToken && { pageToken }),
        };
        const [files, next] = await bucket.getFiles(query);
        names.push(...files.map((file) => file.name));
        pageToken = (next as { readonly pageToken?: string } | null)?.pageToken;
      } while (pageToken !== undefined && names.length < (most ?? Number.POSITIVE_INFINITY));
      return names;
    },
    crc32c(bytes) {
      const sum = new CRC32C();
      sum.update(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      return sum.toString();
    },
  };
}
