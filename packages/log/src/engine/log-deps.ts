import type { NoteSigner, NoteVerifier } from '@tilewright/core/note';
import type {
  CheckpointStore,
  Clock,
  DedupeIndex,
  Entropy,
  LogEvents,
  ObjectStore,
  SequenceStore,
  SignedCheckpoints,
  Witnesses,
} from '../ports/index.ts';

/** Everything a log is made of. The caller opens the stores and hands them over: the log closes them. */
export interface LogDeps {
  /** First line of every checkpoint; also the name of the log's key. */
  readonly origin: string;
  /** The log's own signer first; all must carry the origin as their name. */
  readonly signers: readonly NoteSigner[];
  /** Checks the log's own signature, on stored checkpoints and on fresh ones before they leave. */
  readonly verifier: NoteVerifier;
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly sequence: SequenceStore;
  /** Where signed checkpoints are kept that entries are answered with before publication; needed for `answerAt: 'signed'`. */
  readonly signedCheckpoints?: SignedCheckpoints | undefined;
  /** Without one, only entries in flight and the most recent ones are recognised as duplicates. */
  readonly dedupe?: DedupeIndex | undefined;
  /** Asked to cosign each checkpoint before it is published; a log without them waits for nobody. */
  readonly witnesses?: Witnesses | undefined;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly events: LogEvents;
}
