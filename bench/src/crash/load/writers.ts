import { isCreated, type WriteAnswer } from '../../soak/clients/answer.ts';
import { type AnswerJudge, isBusy } from '../judge/answer-judge.ts';
import type { EntryRequest } from './request-supply.ts';
import { type Traffic, unanswered } from './traffic.ts';

/** Why a request is sent. */
type Reason = 'new' | 'of published' | 'of in-flight' | 'of lost answers';

/** Shares of what is sent; the rest is new. */
const PUBLISHED_AGAIN = 0.12;
const SENT_AT_ONCE = 0.1;
const MOST_AT_ONCE = 3;
/** Answered requests that are kept to be sent again: newer ones take the places of any. */
const MOST_KEPT = 2_000;

/** Writers that submit one good request after another, and remember what the log still owes an answer to. */
export class Writers {
  readonly #judge: AnswerJudge;
  readonly #kept: EntryRequest[] = [];
  /** Requests that were under way when the server died, or that were told to come again: sent first. */
  readonly #owed = new Set<EntryRequest>();

  constructor(judge: AnswerJudge) {
    this.#judge = judge;
  }

  /** Has the entry of a request that somebody else left without an answer sent again. */
  owe(request: EntryRequest): void {
    this.#owed.add(request);
  }

  /** Keeps `count` writers at work until the server is gone. */
  async run(traffic: Traffic, count: number): Promise<void> {
    const owed = [...this.#owed];
    this.#owed.clear();
    const one = async (): Promise<void> => {
      while (!traffic.phase.gone.aborted) {
        const lost = owed.pop();
        const sent = lost === undefined ? this.#some(traffic) : this.#submit(traffic, lost, 'of lost answers');
        if (!(await sent)) return;
      }
    };
    await Promise.all(Array.from({ length: count }, () => one()));
    for (const request of owed) this.#owed.add(request);
  }

  #some(traffic: Traffic): Promise<boolean> {
    const { random, supply } = traffic;
    const share = random();
    const again = this.#kept[Math.floor(random() * this.#kept.length)];
    if (share < PUBLISHED_AGAIN && again !== undefined) return this.#submit(traffic, again, 'of published');
    const request = supply.next();
    return share < PUBLISHED_AGAIN + SENT_AT_ONCE
      ? this.#submitAtOnce(traffic, request)
      : this.#submit(traffic, request, 'new');
  }

  /** One entry several times at one time, over both transports: all but one join, or are told. */
  async #submitAtOnce(traffic: Traffic, request: EntryRequest): Promise<boolean> {
    const copies = 1 + Math.ceil(traffic.random() * (MOST_AT_ONCE - 1));
    const reasons = Array.from({ length: copies }, (_, i): Reason => (i === 0 ? 'new' : 'of in-flight'));
    const answered = await Promise.all(reasons.map((reason) => this.#submit(traffic, request, reason)));
    return answered.every(Boolean);
  }

  /** Whether the server answered. */
  async #submit(traffic: Traffic, request: EntryRequest, reason: Reason): Promise<boolean> {
    const { http, grpc, tally, random } = traffic;
    const known = this.#judge.send(request);
    try {
      const answer = await (random() < 0.5 ? http.submit(request.json) : grpc.submit(request.wire));
      tally.count('answers', `${answer.transport} ${answer.status}`);
      if (reason !== 'new') tally.count('duplicates', `${reason}: ${outcomeOf(answer)}`);
      if (this.#judge.judge(request, answer, known)) this.#keep(request, random);
      else this.#owed.add(request);
      return true;
    } catch (error) {
      tally.count('answers', 'lost');
      this.#owed.add(request);
      unanswered(traffic, 'a good request', error);
      return false;
    }
  }

  #keep(request: EntryRequest, random: () => number): void {
    if (this.#kept.length < MOST_KEPT) this.#kept.push(request);
    else this.#kept[Math.floor(random() * MOST_KEPT)] = request;
  }
}

function outcomeOf(answer: WriteAnswer): string {
  if (isBusy(answer)) return 'told to come again';
  return isCreated(answer) ? 'created' : 'told its index';
}
