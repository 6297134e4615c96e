import type { Publication } from '@tilewright/log';
import { asciiJson } from '../encoding/ascii-json.ts';
import type { LogEntry } from './log-entry.ts';

/** What all answers of one publication share. */
interface PublicationJson {
  readonly publication: Publication;
  /** From behind the proof's log index to the first hash. */
  readonly beforeHashes: string;
  /** From behind the last hash to the body. */
  readonly afterHashes: string;
}

/** Base64 of any bytes without making a `Buffer` of them first. */
export function base64(bytes: Uint8Array): string {
  return Buffer.prototype.base64Slice.call(bytes, 0, bytes.length);
}

/**
 * Writes `TransparencyLogEntry` as protojson with `EmitUnpopulated` would: field order, int64 as strings, `null` and `[]`
 * spelled out. By hand, because it is on every answer's way; ASCII only.
 */
export class EntryJson {
  readonly #logIdBase64: string;
  #latest: PublicationJson | undefined;

  /** `logId` is the full 32-byte key hash. */
  constructor(logId: Uint8Array) {
    this.#logIdBase64 = base64(logId);
  }

  encode(entry: LogEntry): string {
    return `{${this.fields(entry)}}`;
  }

  /** The fields without braces: an `Any` puts its `@type` in front of them. */
  fields(entry: LogEntry): string {
    const shared = this.#shared(entry.publication);
    let hashes = '';
    for (const hash of entry.proof) hashes += hashes === '' ? `"${base64(hash)}"` : `,"${base64(hash)}"`;
    return (
      `"logIndex":"${entry.index}","logId":{"keyId":"${this.#logIdBase64}"},` +
      `"kindVersion":{"kind":"${entry.kind}","version":"${entry.version}"},"integratedTime":"0","inclusionPromise":null,` +
      `"inclusionProof":{"logIndex":"${entry.index}"${shared.beforeHashes}${hashes}${shared.afterHashes}` +
      `${base64(entry.body)}"`
    );
  }

  /** One publication answers hundreds of requests, so its envelope is escaped once. */
  #shared(publication: Publication): PublicationJson {
    if (this.#latest?.publication === publication) return this.#latest;
    const { tree, note } = publication;
    const envelope = asciiJson(Buffer.from(note).toString('utf8'));
    this.#latest = {
      publication,
      beforeHashes: `,"rootHash":"${base64(tree.root)}","treeSize":"${tree.size}","hashes":[`,
      afterHashes: `],"checkpoint":{"envelope":${envelope}}},"canonicalizedBody":"`,
    };
    return this.#latest;
  }
}
