import type { Expectation } from '@tilewright/log';
import type { RawLog } from '../../raw/add-work.ts';
import type { EntryLog } from '../../service/create-entry.ts';
import { crossingError } from './crossing-error.ts';
import type { CrossingError, FromFrontEnd, Submissions, ToFrontEnd } from './messages.ts';
import { type PublicationNumbers, packReceipts, type Told } from './receipts.ts';
import { unpackSubmissions } from './submissions.ts';

/** The log, served to one front end. What is told in one turn of the event loop crosses in one message. */
export class ServedLog {
  readonly #submit: (entry: Parameters<EntryLog['add']>[0]) => Promise<Told>;
  readonly #log: EntryLog;
  readonly #post: (message: ToFrontEnd, transfer: ArrayBuffer[]) => void;
  readonly #numbers: PublicationNumbers;
  readonly #expectations: Expectation[] = [];
  #ids: number[] = [];
  #told: Told[] = [];
  #refused: number[] = [];
  #errors: CrossingError[] = [];
  #isScheduled = false;
  #isGone = false;
  readonly #flushNow = () => this.#flush();

  /** `answerWhen`: entries are answered with their publication, or already with their place. */
  constructor(
    log: EntryLog & RawLog,
    answerWhen: 'published' | 'durable',
    numbers: PublicationNumbers,
    post: (message: ToFrontEnd, transfer: ArrayBuffer[]) => void,
  ) {
    this.#log = log;
    this.#submit = answerWhen === 'published' ? (entry) => log.add(entry) : (entry) => log.sequence(entry);
    this.#numbers = numbers;
    this.#post = post;
  }

  /** Takes entries in. The expectations end behind them: publication waits until every known request is in. */
  take(message: Submissions): void {
    for (let i = 0; i < message.expected; i++) this.#expectations.push(this.#log.expect());
    for (const { id, entry } of unpackSubmissions(message)) {
      this.#submit(entry).then(
        (told) => {
          this.#ids.push(id);
          this.#told.push(told);
          this.#schedule();
        },
        (error: unknown) => {
          this.#refused.push(id);
          this.#errors.push(crossingError(error));
          this.#schedule();
        },
      );
    }
    for (let i = 0; i < message.cancelled; i++) this.#expectations.pop()?.cancel();
  }

  async prove({ id, index }: Extract<FromFrontEnd, { type: 'prove' }>): Promise<void> {
    try {
      const { entry, proof, publication } = await this.#log.prove(index);
      // Copies: a view crosses with all of the bundle or tile that it looks into.
      const crossing = { entry: entry.slice(), proof: proof.map((hash) => hash.slice()) };
      this.#send({
        type: 'proven',
        id,
        outcome: { ...crossing, publication: this.#numbers.crossing(publication) },
      });
    } catch (error) {
      this.#send({ type: 'proven', id, outcome: crossingError(error) });
    }
  }

  /** The front end is gone: what it announced does not come, and its answers have nobody to go to. Its entries stay. */
  leave(): void {
    this.#isGone = true;
    for (const expectation of this.#expectations.splice(0)) expectation.cancel();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#flushNow);
  }

  #flush(): void {
    this.#isScheduled = false;
    if (this.#told.length > 0) {
      const receipts = packReceipts(this.#ids, this.#told, this.#numbers);
      this.#ids = [];
      this.#told = [];
      this.#send(receipts, [receipts.hashes.buffer]);
    }
    if (this.#errors.length > 0) {
      const refusals: ToFrontEnd = { type: 'refusals', ids: this.#refused, errors: this.#errors };
      this.#refused = [];
      this.#errors = [];
      this.#send(refusals);
    }
  }

  #send(message: ToFrontEnd, transfer: ArrayBuffer[] = []): void {
    if (!this.#isGone) this.#post(message, transfer);
  }
}
