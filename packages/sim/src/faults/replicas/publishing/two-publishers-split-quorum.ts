import assert from 'node:assert/strict';
import type { Replica } from '../stage/replica.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage, type Stage } from '../stage/stage.ts';

/** Long enough for whatever follows one call, up to the next that is held. */
const MOMENT_MS = 15;

/** Lets raising, signing and replacing of one replica happen one at a time. */
class Turnstile {
  #open = false;
  #waiting: (() => void)[] = [];

  constructor({ script }: Replica) {
    script.always('raiseSigned', (apply) => this.#pass().then(apply));
    script.always('sign', (apply) => this.#pass().then(apply));
    script.always('replace', (apply) => this.#pass().then(apply));
  }

  /** Lets the call that waits happen. */
  turn(): void {
    this.#waiting.shift()?.();
  }

  /** Lets everything happen from now on. */
  open(): void {
    this.#open = true;
    for (const pass of this.#waiting) pass();
  }

  #pass(): Promise<void> {
    return this.#open ? Promise.resolve() : new Promise((pass) => this.#waiting.push(pass));
  }
}

/** All orders of `left` calls of the one and `right` of the other. */
function interleavings(left: number, right: number): string[] {
  if (left === 0 || right === 0) return ['S'.repeat(left) + 'L'.repeat(right)];
  return [
    ...interleavings(left - 1, right).map((rest) => `S${rest}`),
    ...interleavings(left, right - 1).map((rest) => `L${rest}`),
  ];
}

/** One replica is about to publish 1 entry, another one 2: their calls happen in this order. */
async function race(stage: Stage, order: string): Promise<void> {
  const small = await stage.start({ deaf: true });
  const large = await stage.start({ deaf: true });
  const [smaller, larger] = [new Turnstile(small), new Turnstile(large)];
  const first = small.add(0);
  await stage.until(async () => (await stage.eye.sequence.head()).tree.size === 1);
  const second = large.add(1);
  await stage.until(async () => (await stage.eye.sequence.head()).tree.size === 2);
  for (const next of order) {
    await stage.pause(MOMENT_MS);
    (next === 'S' ? smaller : larger).turn();
  }
  await stage.pause(MOMENT_MS);
  for (const turnstile of [smaller, larger]) turnstile.open();
  assert.deepEqual([(await first).index, (await second).index], [0, 1]);
  stage.oracle.check();
  assert.equal((await stage.finish()).size, 2);
}

/** Two publishers at different sizes raise the floor, sign and replace between each other's calls. */
export const twoPublishersSplitQuorum: Fault = {
  name: 'two-publishers-split-quorum',
  scenarios: {
    'in every order each size has one root, and the checkpoint only grows': async (makeStore) => {
      const orders = interleavings(3, 3);
      assert.equal(orders.length, 20);
      for (const order of orders) await onStage((stage) => race(stage, order))(makeStore);
    },
  },
};
