import { concatBytes, encodeUtf8, type Hash } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import type { Tree } from '@tilewright/core/merkle';
import { type NoteSignature, type NoteVerifier, openNote, type VerifierKey } from '@tilewright/core/note';
import { isQuorum } from '@tilewright/core/policy';
import { askWitness, type Submission, type WitnessAnswer } from './ask-witness.ts';
import { AskedWitness } from './asked-witness.ts';
import type { WitnessPolicy } from './read-policy.ts';
import type { WitnessTransport } from './transport.ts';
import type { WitnessOutcome, WitnessReport } from './witness-events.ts';

/** How witnesses are asked. Times are milliseconds. */
export interface WitnessGroupOptions {
  readonly origin: string;
  readonly logVerifier: NoteVerifier;
  readonly policy: WitnessPolicy;
  /** Makes the verifier of a witness's key: which signature types are understood is the caller's choice. */
  readonly verifierOf: (key: VerifierKey) => NoteVerifier;
  readonly failClosed: boolean;
  /** `quorum`: a round ends as soon as the policy is satisfied; `all`: when everybody has answered. */
  readonly collect: 'quorum' | 'all';
  /** A round takes no longer, whatever witnesses do. */
  readonly timeoutMs: number;
  readonly transport: WitnessTransport;
  readonly clock: {
    monotonicMs(): number;
    sleep(ms: number, signal: AbortSignal): Promise<void>;
  };
  /** Told of each witness of each round; MUST NOT throw. */
  readonly observe: (report: WitnessReport) => void;
}

/** A signed checkpoint for which cosignatures are wanted; what the log's engine hands in. */
export interface GroupRequest {
  readonly tree: Tree;
  readonly note: Uint8Array;
  prove(oldSize: number): Promise<readonly Hash[]>;
  readonly signal: AbortSignal;
}

/** What a round brought. */
export interface GroupAnswer {
  readonly note: Uint8Array;
  readonly enough: boolean;
  readonly detail: string;
  readonly seen?: Uint8Array | undefined;
}

/** The witnesses of a policy, asked side by side. It serves as the engine's `Witnesses`. */
export class WitnessGroup {
  readonly failClosed: boolean;
  readonly #options: WitnessGroupOptions;
  readonly #asked: readonly AskedWitness[];

  constructor(options: WitnessGroupOptions) {
    this.#options = options;
    this.failClosed = options.failClosed;
    this.#asked = options.policy.reachable.map((witness) => new AskedWitness(witness, options.verifierOf(witness.key)));
  }

  /** Whether the note carries cosignatures, all of them valid, that satisfy the policy. Never throws for bad input. */
  isEnough(note: Uint8Array): boolean {
    const keys = this.#keysThatCosigned(note);
    return this.#isQuorum((name, keyId) => keys.some((key) => key.name === name && key.keyId === keyId));
  }

  /** One round. Resolves at the latest after `timeoutMs`, or when the request's signal fires. */
  async cosign(request: GroupRequest): Promise<GroupAnswer> {
    const { timeoutMs, clock, collect } = this.#options;
    const lines = new Map<AskedWitness, string>();
    const missing = new Map<AskedWitness, string>();
    const enough = (): boolean =>
      this.#isQuorum((name, keyId) =>
        [...lines.keys()].some(({ verifier }) => verifier.name === name && verifier.keyId === keyId),
      );
    let seen: Uint8Array | undefined;
    const over = new AbortController();
    const stop = (): void => over.abort();
    request.signal.addEventListener('abort', stop);
    const satisfied = Promise.withResolvers<void>();
    const submission = this.#submission(request);
    const asking = this.#asked.map(async (asked) => {
      const answer = await this.#ask(asked, submission, over.signal);
      if ('line' in answer) {
        lines.set(asked, answer.line);
        if (collect === 'quorum' && enough()) satisfied.resolve();
        return;
      }
      missing.set(asked, answer.refused);
      seen ??= answer.seen;
    });
    const settled = new AbortController();
    const everybody = Promise.all(asking).finally(() => {
      settled.abort();
      request.signal.removeEventListener('abort', stop);
    });
    // Whoever is not needed any more may still answer until then, and is better known for the next round.
    void clock.sleep(timeoutMs, settled.signal).then(stop);
    await Promise.race([everybody, satisfied.promise]);
    const cosignatures = this.#asked.map((asked) => encodeUtf8(lines.get(asked) ?? ''));
    return {
      note: concatBytes(request.note, ...cosignatures),
      enough: enough(),
      detail: this.#describe(lines.size, missing),
      seen,
    };
  }

  #submission({ tree, note, prove }: GroupRequest): Submission {
    const { origin, logVerifier } = this.#options;
    const proofs = new Map<number, Promise<readonly Hash[]>>();
    const proveOnce = (oldSize: number): Promise<readonly Hash[]> => {
      if (oldSize === 0 || oldSize === tree.size) return Promise.resolve([]);
      const known = proofs.get(oldSize) ?? prove(oldSize);
      proofs.set(oldSize, known);
      return known;
    };
    return { origin, size: tree.size, note, logVerifier, prove: proveOnce };
  }

  /** Never rejects: whatever a witness does is an answer. */
  async #ask(asked: AskedWitness, submission: Submission, over: AbortSignal): Promise<WitnessAnswer> {
    const { clock, transport, observe } = this.#options;
    const { name: witness, url } = asked.witness;
    const started = clock.monotonicMs();
    const report = (outcome: WitnessOutcome, reason: string | undefined): void =>
      observe({ witness, outcome, size: submission.size, ms: clock.monotonicMs() - started, reason });
    if (asked.isBusy || asked.isResting(started)) {
      const refused = asked.isBusy ? 'still answers an earlier request' : 'failed lately';
      report('skipped', refused);
      return { refused };
    }
    asked.isBusy = true;
    const answer = await untilOver(
      askWitness(transport, url, asked.verifier, submission, asked.known, over),
      over,
    ).catch((error: unknown) => ({ refused: whyNot(error, over) }));
    asked.isBusy = false;
    if ('line' in answer) asked.succeeded();
    else asked.failed(clock.monotonicMs());
    if ('line' in answer) report('cosigned', undefined);
    else report('failed', answer.refused);
    return answer;
  }

  #isQuorum(has: (name: string, keyId: number) => boolean): boolean {
    return isQuorum(this.#options.policy, ({ key }) => has(key.name, key.keyId));
  }

  #keysThatCosigned(note: Uint8Array): readonly NoteSignature[] {
    const { policy, verifierOf } = this.#options;
    try {
      return openNote(
        note,
        policy.witnesses.map(({ key }) => verifierOf(key)),
      ).verified;
    } catch (error) {
      if (error instanceof CoreError) return [];
      throw error;
    }
  }

  #describe(cosigned: number, missing: ReadonlyMap<AskedWitness, string>): string {
    const all = this.#options.policy.witnesses.length;
    const without = [...missing].map(([{ witness }, why]) => `${witness.name} ${why}`);
    return [`${cosigned} of ${all} witnesses cosigned`, ...without].join('; ');
  }
}

/** What `work` comes to, or a rejection when the round is over: a transport may ignore that. */
function untilOver<T>(work: Promise<T>, over: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new Error('the round is over'));
    if (over.aborted) end();
    over.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => over.removeEventListener('abort', end));
  });
}

/** Without what the witness may have written: the cause of a failed `fetch` has a code. */
function whyNot(error: unknown, over: AbortSignal): string {
  if (over.aborted) return 'did not answer in time';
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code).slice(0, 40) : undefined;
  return code === undefined ? 'could not be asked' : `could not be asked (${code})`;
}
