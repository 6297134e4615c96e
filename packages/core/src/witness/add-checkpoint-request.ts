import { parseDecimal } from '../bytes/decimal.ts';
import type { Hash } from '../bytes/hash-value.ts';
import { asTreeSize, type TreeSize } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { onLine } from '../on-line.ts';
import { joinProofRequest, splitProofRequest } from './proof-request.ts';

/** What a log's client asks a witness to cosign (tlog-witness, "add-checkpoint"). */
export interface AddCheckpointRequest {
  /** The size that the client believes the witness saw last; 0 for none. */
  readonly oldSize: TreeSize;
  /** That the checkpoint continues the tree of `oldSize`; at most 63 hashes, none when `oldSize` is 0 or the checkpoint's. */
  readonly proof: readonly Hash[];
  /** The signed checkpoint, byte for byte. */
  readonly checkpoint: Uint8Array;
}

const OLD = 'old ';

/**
 * Reads the body of a request: `old <size>`, proof lines, an empty line, the checkpoint. The checkpoint is not read.
 *
 * @throws CoreError `malformed`, `size-unsupported` for an old size above 2^53-1.
 */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpointRequest {
  const { head, proof, checkpoint } = splitProofRequest(body, 1);
  const [first = ''] = head;
  if (!first.startsWith(OLD)) throw new CoreError('malformed', "line 1 is not 'old' and a size");
  return { oldSize: onLine(1, () => asTreeSize(parseDecimal(first.slice(OLD.length)))), proof, checkpoint };
}

/**
 * The body of a request. The checkpoint should carry the log's signatures alone: some witnesses take 10 KiB at most.
 *
 * @throws CoreError `out-of-range`
 */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpointRequest): Uint8Array<ArrayBuffer> {
  return joinProofRequest({ head: [`${OLD}${asTreeSize(oldSize)}`], proof, checkpoint });
}
