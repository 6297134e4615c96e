import type { WitnessReply, WitnessTransport } from '@tilewright/witness';
import type { Surroundings } from '../machine/machine.ts';
import type { SimulatedWitness } from './simulated-witness.ts';

/** What becomes of a request beside being answered. */
type Mishap = 'refused' | 'lost' | 'answer lost' | 'late' | 'slow';
const MISHAPS: readonly Mishap[] = ['refused', 'lost', 'answer lost', 'late', 'slow'];
/** Longer than any round. */
const SLOW_MS = 400;

/** Whoever carries requests when nobody waits for them any more. */
const NETWORK = {};

/** The way to witnesses: requests and answers get lost, are carried out late, or take longer than anybody waits. */
export class WitnessNetwork {
  /** How often a request goes wrong. */
  mishaps = 0;
  readonly #around: Surroundings;
  readonly #witnessAt: (url: string) => SimulatedWitness;

  constructor(around: Surroundings, witnessAt: (url: string) => SimulatedWitness) {
    this.#around = around;
    this.#witnessAt = witnessAt;
  }

  /** Requests of the process `owner`. */
  transport(owner: object): WitnessTransport {
    const { schedule } = this.#around;
    return {
      post: async (url, body) => {
        const witness = this.#witnessAt(url);
        witness.sent(body);
        return this.#carry(owner, witness, () => witness.addCheckpoint(body, schedule.nowMs));
      },
      get: async (url) => {
        const witness = this.#witnessAt(url);
        return this.#carry(owner, witness, () => witness.shown(url));
      },
    };
  }

  async #carry(owner: object, witness: SimulatedWitness, answer: () => WitnessReply): Promise<WitnessReply> {
    const { schedule, chooser, story } = this.#around;
    await schedule.step(owner);
    const picked = this.mishaps === 0 ? 0 : chooser.pick('fault', MISHAPS.length + 1, 1 - this.mishaps);
    const mishap = MISHAPS[picked - 1];
    if (mishap !== undefined) {
      story.count(`witness: ${mishap}`);
      story.tell(`a request to ${witness.key.name}: ${mishap}`);
    }
    switch (mishap) {
      case 'refused':
        throw new Error('the connection was refused');
      case 'lost':
        return new Promise<never>(() => {});
      case 'answer lost':
        answer();
        return new Promise<never>(() => {});
      case 'late':
        void schedule.step(NETWORK).then(answer);
        throw new Error('the connection broke');
      case 'slow':
        await schedule.sleep(owner, SLOW_MS);
    }
    const reply = answer();
    await schedule.step(owner);
    return reply;
  }
}
