import { GcpError } from '../gcp-error.ts';

/** Where a log's objects are. */
export interface BucketPlace {
  readonly bucket: string;
  /** Before the name of each object: '' or 'a/b/', as {@link parsePrefix} returns it. Several logs share a bucket so. */
  readonly prefix: string;
  /**
   * Where requests go, as {@link parseStorageEndpoint} returns it; Google's own unless given. Over `https://`, a private
   * endpoint, credentials are sent. Over `http://`, an emulator, none ever are.
   */
  readonly endpoint?: string | undefined;
}

// "Bucket names": 3 to 63 characters, or up to 222 with dots, each part up to 63.
const BUCKET = /^[a-z0-9](?:[a-z0-9._-]{1,220}[a-z0-9])$/;
const PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const LONGEST_PREFIX = 256;

/** `name`, a bucket's name (Cloud Storage, "Bucket names"). @throws GcpError 'bad-place' */
export function parseBucketName(name: string): string {
  const parts = name.split('.');
  if (BUCKET.test(name) && parts.every((part) => part.length >= 1 && part.length <= 63)) return name;
  throw new GcpError(
    'bad-place',
    'a bucket is named by 3 to 63 lower-case letters, digits, hyphens, underscores and dots, without gs://',
  );
}

/**
 * The prefix that 'a/b' or 'a/b/' means: '' or one that ends in a slash. Its parts are letters, digits, and `.`, `_`, `-`
 * behind the first character; none is 'tile', which would lie among the objects of another log. @throws GcpError 'bad-place'
 */
export function parsePrefix(text: string): string {
  if (text === '') return '';
  const prefix = text.endsWith('/') ? text : `${text}/`;
  const parts = prefix.slice(0, -1).split('/');
  if (prefix.length <= LONGEST_PREFIX && parts.every((part) => PART.test(part) && part !== 'tile')) return prefix;
  throw new GcpError(
    'bad-place',
    "a bucket prefix is like logs/2026: letters, digits, '.', '_' and '-' between single slashes, no part being 'tile'",
  );
}

/** `http://host[:port]` or `https://host[:port]`, in the form that requests are made with. @throws GcpError 'bad-place' */
export function parseStorageEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && `${url.origin}/` === url.href && url.origin !== 'null';
  if (isPlain && (url.protocol === 'http:' || url.protocol === 'https:')) return url.origin;
  throw new GcpError('bad-place', 'an endpoint of Cloud Storage is http://host[:port] or https://host[:port]');
}

/** What the environment variable STORAGE_EMULATOR_HOST means: host[:port], or an endpoint. @throws GcpError 'bad-place' */
export function parseStorageEmulatorHost(text: string): string {
  return parseStorageEndpoint(text.includes('://') ? text : `http://${text}`);
}
