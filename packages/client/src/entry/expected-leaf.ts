import { type BundleFacts, EntryError, leafBodyFor } from '@tilewright/rekor-entry';
import { ClientError } from '../client-error.ts';
import type { ExpectedLeaf } from './verify-log-entry.ts';

/**
 * The leaf that logs a signature: hashedrekord 0.0.2.
 * @throws ClientError `unsupported` for a key that Rekor v2 does not take, `malformed`
 */
export function leafOf(facts: BundleFacts): ExpectedLeaf {
  try {
    return { kind: 'hashedrekord', version: '0.0.2', body: leafBodyFor(facts) };
  } catch (cause) {
    if (!(cause instanceof EntryError)) throw cause;
    const code = cause.code === 'unsupported-algorithm' ? 'unsupported' : 'malformed';
    throw new ClientError(code, `this signature cannot be logged: ${cause.message}`, { cause });
  }
}
