import { concatBytes, encodeBase64, encodeHex, encodeUtf8, equalBytes, type Hash } from '@tilewright/core/bytes';
import { type Cosigner, cosignCheckpoint, type SubtreeCosigner } from '@tilewright/core/cosignature';
import { formatSignatureLine, type NoteVerifier, parseNote } from '@tilewright/core/note';
import { checkSignSubtree, formatLatestSize, SIZE_CONTENT_TYPE } from '@tilewright/core/witness';
import { noteVerifierOf } from '@tilewright/signer';
import { WitnessError } from '../../witness-error.ts';
import { type Answer, refusal, TEXT, textAnswer } from '../answer.ts';
import { cosignersOf, requireOneWitness, subtreeCosigners } from '../cosigners.ts';
import type { KnownLogs } from '../known-logs.ts';
import type { WitnessState } from '../state/witness-state.ts';
import { logIdOf, type WitnessedHead } from '../state/witnessed-head.ts';
import { type Conflict, type Decision, decide } from './decide.ts';
import type { WitnessEvents } from './witness-events.ts';

/** What a witness is made of. */
export interface WitnessOptions {
  /** Of one name; one of Ed25519, one of ML-DSA-44, or both. Their lines stand in this order. */
  readonly cosigners: readonly Cosigner[];
  readonly logs: KnownLogs;
  readonly state: WitnessState;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly events: WitnessEvents;
}

/** Conflicting trees that are remembered as told; a log that makes more has told enough. */
const MAX_CONFLICTS = 64;
/** Seconds after which a client may try again what could not be stored. */
const RETRY_AFTER = { 'Retry-After': '10' } as const;

/** A witness, without the network: requests' bodies in, answers out (tlog-witness). */
export class Witness {
  readonly #options: WitnessOptions;
  readonly #own: readonly NoteVerifier[];
  readonly #subtrees: readonly SubtreeCosigner[];
  #logs: KnownLogs;
  /** The last cosignatures by log, for those who look: making them again for each would be work for nothing. */
  readonly #lines = new Map<string, { readonly head: WitnessedHead; readonly lines: string }>();
  readonly #told = new Set<string>();
  #failed: (error: WitnessError) => void = () => undefined;
  /** Resolves when the state cannot be used any more: only opening it again shows what is in it. */
  readonly failed: Promise<WitnessError>;

  /** @throws WitnessError `bad-key` when the cosigners are not those of one witness */
  constructor(options: WitnessOptions) {
    requireOneWitness(options.cosigners);
    this.#options = options;
    this.#logs = options.logs;
    this.#own = options.cosigners.map(({ key }) => noteVerifierOf(key));
    this.#subtrees = subtreeCosigners(options.cosigners);
    this.failed = new Promise((resolve) => {
      this.#failed = resolve;
    });
  }

  /** Whether it has a key that signs subtrees. */
  get signsSubtrees(): boolean {
    return this.#subtrees.length > 0;
  }

  /** Replaces the logs that it knows. What it cosigned of others stays known, and is shown. */
  setLogs(logs: KnownLogs): void {
    this.#logs = logs;
  }

  /** Every log's latest head. @throws WitnessError */
  heads(): WitnessedHead[] {
    return this.#options.state.heads();
  }

  /** Answers an add-checkpoint request. Never rejects. */
  addCheckpoint(body: Uint8Array): Promise<Answer> {
    return this.#answering('add-checkpoint', async () => {
      // No await before this: between reading the state and storing in it nothing else may run.
      const decision = this.#decide(body);
      if (decision.status === 200) return textAnswer(200, await this.#cosign(decision));
      if (decision.conflict !== undefined) this.#tell(decision.conflict);
      this.#refused('add-checkpoint', decision.status, decision.reason);
      if (decision.status !== 409) return refusal(decision.status, decision.reason);
      return { status: 409, contentType: SIZE_CONTENT_TYPE, body: formatLatestSize(decision.size) };
    });
  }

  /** Answers a sign-subtree request. Never rejects. Without a key that signs subtrees, as if there were no such thing. */
  signSubtree(body: Uint8Array): Promise<Answer> {
    return this.#answering('sign-subtree', async () => {
      if (!this.signsSubtrees) return refusal(404, 'this witness does not sign subtrees');
      const verdict = checkSignSubtree(body, (origin) => (this.#logs.has(origin) ? this.#own : undefined));
      if (verdict.status !== 200) {
        this.#refused('sign-subtree', verdict.status, verdict.reason);
        return refusal(verdict.status, verdict.reason);
      }
      const { start, end, hash } = verdict.request;
      const subtree = { origin: verdict.checkpoint.origin, start, end, hash };
      const lines = await Promise.all(
        this.#subtrees.map(async ({ key, signSubtree }) =>
          formatSignatureLine(key.name, key.keyId, await signSubtree(subtree)),
        ),
      );
      return textAnswer(200, lines.join(''));
    });
  }

  /** The latest checkpoint that it cosigned of a log, with its cosignatures; `log` is SHA-256 of the origin. Never rejects. */
  checkpoint(log: Hash): Promise<Answer> {
    return this.#answering('checkpoint', async () => {
      const head = this.#options.state.head(log);
      if (head === undefined) return refusal(404, 'no checkpoint of this log was cosigned here');
      const known = this.#lines.get(encodeHex(log));
      // After a start, or a crash between storing and signing, they are made again, with the time that is stored.
      const isCurrent = known !== undefined && isSame(known.head, head);
      const lines = isCurrent ? known.lines : await this.#linesFor(head, log);
      return { status: 200, contentType: TEXT, body: concatBytes(head.note, encodeUtf8(lines)) };
    });
  }

  #decide(body: Uint8Array): Decision {
    const { state, cosigners, nowMs } = this.#options;
    return state.step((step) => {
      const canSign = (checkpoint: WitnessedHead['checkpoint']): boolean =>
        cosignersOf(checkpoint, cosigners).length > 0;
      return decide(body, { logs: this.#logs, canSign, nowS: Math.floor(nowMs() / 1000) }, step);
    });
  }

  async #cosign({ head, isFirst }: Extract<Decision, { readonly status: 200 }>): Promise<string> {
    const { origin, size } = head.checkpoint;
    const lines = await this.#linesFor(head, logIdOf(origin));
    this.#options.events.emit({ type: 'cosigned', origin, size, timestamp: head.timestamp, isFirst });
    return lines;
  }

  async #linesFor(head: WitnessedHead, log: Hash): Promise<string> {
    const cosigners = cosignersOf(head.checkpoint, this.#options.cosigners);
    const { text } = parseNote(head.note);
    const lines = await cosignCheckpoint(text, cosigners, BigInt(head.timestamp));
    this.#lines.set(encodeHex(log), { head, lines });
    return lines;
  }

  #tell(conflict: Conflict): void {
    const tree = `${conflict.size} ${encodeBase64(conflict.root)} ${conflict.origin}`;
    if (this.#told.has(tree) || this.#told.size >= MAX_CONFLICTS) return;
    this.#told.add(tree);
    this.#options.events.emit({ type: 'conflict', ...conflict });
  }

  #refused(endpoint: string, status: number, reason: string): void {
    this.#options.events.emit({ type: 'refused', endpoint, status, reason });
  }

  async #answering(endpoint: string, work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof WitnessError)) {
        this.#options.events.emit({ type: 'failed', error });
        return refusal(500, `${endpoint} failed`);
      }
      this.#options.events.emit({ type: 'not-stored', error });
      if (error.code !== 'state-full') this.#failed(error);
      return refusal(503, 'this witness cannot use its state now', RETRY_AFTER);
    }
  }
}

function isSame(one: WitnessedHead, other: WitnessedHead): boolean {
  return one.timestamp === other.timestamp && equalBytes(one.note, other.note);
}
