import { asHash, type Hash } from '@tilewright/core/bytes';
import {
  type Expectation,
  type Leaving,
  LogError,
  type NewEntry,
  type Placement,
  type ProvenEntry,
  type Receipt,
} from '@tilewright/log';
import type { RawLog } from '../../raw/add-work.ts';
import type { EntryLog } from '../../service/create-entry.ts';
import { arrivedError } from './crossing-error.ts';
import type { CrossingEntry, FromFrontEnd, ToFrontEnd } from './messages.ts';
import { SeenPublications, type Told, unpackReceipts } from './receipts.ts';
import { packSubmissions, type Submission } from './submissions.ts';

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

type Call = { readonly signal?: Leaving | undefined; readonly expectation?: Expectation | undefined } | undefined;

/**
 * The log of the engine's thread as a front end uses it. Entries of one turn of the event loop cross in one message. A
 * caller that goes away is let go of here; its entry goes on, as the engine's own would.
 */
export class RemoteLog implements EntryLog, RawLog {
  readonly #post: (message: FromFrontEnd, transfer: ArrayBuffer[]) => void;
  readonly #waiting = new Map<number, Waiter<Told>>();
  readonly #proving = new Map<number, Waiter<ProvenEntry>>();
  readonly #seen = new SeenPublications();
  #submissions: Submission[] = [];
  #expected = 0;
  #cancelled = 0;
  #nextId = 0;
  #isScheduled = false;
  readonly #flushNow = () => this.#flush();

  constructor(post: (message: FromFrontEnd, transfer: ArrayBuffer[]) => void) {
    this.#post = post;
  }

  expect(): Expectation {
    this.#expected += 1;
    this.#schedule();
    let isOpen = true;
    return {
      cancel: () => {
        if (!isOpen) return;
        isOpen = false;
        this.#cancelled += 1;
        this.#schedule();
      },
    };
  }

  add(entry: NewEntry, call?: Call): Promise<Receipt> {
    // The engine answers `add` with a publication, always.
    return this.#submit(entry, call) as Promise<Receipt>;
  }

  sequence(entry: NewEntry, call?: Call): Promise<Placement> {
    return this.#submit(entry, call);
  }

  async prove(index: number, signal?: AbortSignal): Promise<ProvenEntry> {
    const id = this.#id();
    const proven = this.#wait(this.#proving, id, signal);
    this.#post({ type: 'prove', id, index }, []);
    return proven;
  }

  /** Takes what came from the engine's thread. */
  receive(message: Extract<ToFrontEnd, { type: 'receipts' | 'refusals' | 'proven' }>): void {
    if (message.type === 'receipts') {
      unpackReceipts(message, this.#seen, (id, told) => take(this.#waiting, id)?.resolve(told));
    } else if (message.type === 'refusals') {
      for (const [i, id] of message.ids.entries()) {
        const error = message.errors[i];
        if (error !== undefined) take(this.#waiting, id)?.reject(arrivedError(error));
      }
    } else {
      const waiter = take(this.#proving, message.id);
      if ('code' in message.outcome) waiter?.reject(arrivedError(message.outcome));
      else waiter?.resolve(this.#proven(message.outcome));
    }
  }

  #submit(entry: NewEntry, call: Call): Promise<Told> {
    const id = this.#id();
    const told = this.#wait(this.#waiting, id, call?.signal);
    this.#submissions.push({ id, entry });
    call?.expectation?.cancel();
    this.#schedule();
    return told;
  }

  #wait<T>(waiting: Map<number, Waiter<T>>, id: number, signal: Leaving | undefined): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    waiting.set(id, { resolve, reject });
    if (signal === undefined) return promise;
    const gone = (): void => {
      waiting.delete(id);
      reject(new LogError('aborted', 'the caller is gone; the entry may be in the log', { cause: signal.reason }));
    };
    if (signal.aborted) gone();
    else signal.addEventListener('abort', gone, { once: true });
    return promise;
  }

  #id(): number {
    this.#nextId = this.#nextId === 0xffff_ffff ? 0 : this.#nextId + 1;
    return this.#nextId;
  }

  #proven({ entry, proof, publication }: CrossingEntry): ProvenEntry {
    const hashes = proof.map((hash): Hash => asHash(hash as Hash));
    return { entry, proof: hashes, publication: this.#seen.publication(publication) };
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#flushNow);
  }

  #flush(): void {
    this.#isScheduled = false;
    const submissions = this.#submissions;
    // What was announced and over within the turn is nobody else's business.
    const over = Math.min(this.#expected, this.#cancelled);
    const counts = { expected: this.#expected - over, cancelled: this.#cancelled - over };
    this.#submissions = [];
    this.#expected = 0;
    this.#cancelled = 0;
    if (submissions.length === 0 && counts.expected === 0 && counts.cancelled === 0) return;
    const message = packSubmissions(submissions, counts);
    this.#post(message, [message.bytes.buffer]);
  }
}

function take<T>(waiting: Map<number, Waiter<T>>, id: number): Waiter<T> | undefined {
  const waiter = waiting.get(id);
  waiting.delete(id);
  return waiter;
}
