import { type EntryRequest, RequestSupply } from '../../crash/load/request-supply.ts';

const MOST = 300;
/** Later ones take the places of any, so that what is kept comes from the whole run. */
const KEPT = 0.02;

/** Makes requests, and keeps some of them for the next run. */
export class RememberingSupply extends RequestSupply {
  readonly remembered: EntryRequest[];
  readonly #random: () => number;

  constructor(random: () => number, now: Date, remembered: readonly EntryRequest[]) {
    super(random, now);
    this.#random = random;
    this.remembered = [...remembered];
  }

  override next(): EntryRequest {
    const request = super.next();
    if (this.remembered.length < MOST) this.remembered.push(request);
    else if (this.#random() < KEPT) this.remembered[Math.floor(this.#random() * MOST)] = request;
    return request;
  }
}
