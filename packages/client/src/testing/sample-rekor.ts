import { create } from '@bufbuild/protobuf';
import { asTreeSize, decodeUtf8, encodeHex } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash } from '@tilewright/core/hash';
import { noteKeyHash, signNote } from '@tilewright/core/note';
import { naiveInclusion, naiveRoot } from '@tilewright/core/testing';
import { type EntryRequest, PERMITTED_ALGORITHMS, prepareEntry } from '@tilewright/rekor-entry';
import { type TransparencyLogEntry, TransparencyLogEntrySchema } from '@tilewright/rekor-proto';
import type { TrustedLog } from '../entry/trusted-log.ts';
import type { SampleKey } from './sample-log.ts';

/** What a log would answer. */
export type SampleAnswer =
  | { readonly kind: 'created' | 'exists'; readonly entry: TransparencyLogEntry }
  | { readonly kind: 'refused'; readonly message: string };

/** A Rekor v2 log without a transport: entries in a list, trees by the slow algorithms. It checks no signatures. */
export interface SampleRekor {
  readonly log: TrustedLog;
  submit(request: EntryRequest): Promise<SampleAnswer>;
}

/** A new log of this key. */
export function sampleRekor(key: SampleKey): SampleRekor {
  const origin = key.signer.name;
  const logId = noteKeyHash(origin, 0x01, key.spki.subarray(-32));
  const bodies: Uint8Array[] = [];
  const rules = { algorithms: PERMITTED_ALGORITHMS, acceptDsse: false };
  return {
    log: { origin, logId, verifier: key.verifier },
    async submit(request) {
      const prepared = prepareEntry(request, rules, () => true);
      if (!prepared.ok) return { kind: 'refused', message: prepared.message };
      const known = bodies.findIndex((body) => encodeHex(body) === encodeHex(prepared.body));
      if (known === -1) bodies.push(prepared.body);
      const index = known === -1 ? bodies.length - 1 : known;
      const leaves = bodies.map(leafHash);
      const root = naiveRoot(leaves);
      const checkpoint = { origin, size: asTreeSize(leaves.length), root, extensions: [] };
      const note = await signNote(formatCheckpoint(checkpoint), [key.signer]);
      const entry = create(TransparencyLogEntrySchema, {
        logIndex: BigInt(index),
        logId: { keyId: logId },
        kindVersion: { kind: prepared.kind, version: prepared.version },
        inclusionProof: {
          logIndex: BigInt(index),
          rootHash: root,
          treeSize: BigInt(leaves.length),
          hashes: naiveInclusion(leaves, index),
          checkpoint: { envelope: decodeUtf8(note) },
        },
        canonicalizedBody: prepared.body,
      });
      return { kind: known === -1 ? 'created' : 'exists', entry };
    },
  };
}
