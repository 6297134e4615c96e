import type { BucketPlace } from '../place/bucket-place.ts';

/** Google's own endpoint. */
const GOOGLE = 'https://storage.googleapis.com';

/** What an emulator needs differently from Cloud Storage: all of it is decided here, by where requests go. */
export interface Dialect {
  /** Where requests go, without a slash at the end. */
  readonly endpoint: string;
  /** Whether requests carry credentials. An emulator knows none, and no secret leaves over plain HTTP. */
  readonly hasCredentials: boolean;
  /**
   * Whether the body of a 404 says that it is the object that is missing. fake-gcs-server says 'Not Found' for a missing
   * object, and checks buckets no more than that; Cloud Storage names the object, and otherwise means the bucket or a
   * path that it does not know.
   */
  readonly namesMissingObject: (body: Uint8Array) => boolean;
}

/** How to speak with what is at `place`. */
export function dialectOf(place: BucketPlace): Dialect {
  const endpoint = place.endpoint ?? GOOGLE;
  const isEmulator = endpoint.startsWith('http:');
  return {
    endpoint,
    hasCredentials: !isEmulator,
    namesMissingObject: (body) => {
      const text = new TextDecoder().decode(body.subarray(0, 2_000));
      return text.includes('No such object') || (isEmulator && text.trim() === 'Not Found');
    },
  };
}
