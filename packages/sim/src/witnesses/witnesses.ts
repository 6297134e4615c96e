import type { VerifierKey } from '@tilewright/core/note';
import type { PolicyWitness } from '@tilewright/core/policy';
import type { Clock } from '@tilewright/log/ports';
import { WitnessGroup, type WitnessPolicy } from '@tilewright/witness';
import type { Surroundings } from '../machine/machine.ts';
import { logVerifier, ORIGIN } from '../world/log-key.ts';
import { type Conduct, cosignersOf, SimulatedWitness, witnessVerifier } from './simulated-witness.ts';
import { WitnessNetwork } from './witness-network.ts';

/** Of three witnesses. */
const QUORUM = 2;
const TIMEOUT_MS = 200;
const MISCONDUCTS: readonly Conduct[] = ['refuses', 'garbage', 'lies about sizes', 'cosigns another tree'];

/** Three witnesses of one log, of which two must cosign, and the way to them. They outlive every process. */
export class Witnesses {
  readonly failClosed: boolean;
  readonly all: readonly SimulatedWitness[];
  readonly network: WitnessNetwork;
  readonly #collect: 'quorum' | 'all';
  readonly #around: Surroundings;

  /** `published`: the checkpoint that the log had before it had witnesses. */
  constructor(around: Surroundings, published: Uint8Array | undefined) {
    const { chooser, oracle } = around;
    this.#around = around;
    this.failClosed = chooser.pick('workload', 2, 0.3) === 1;
    this.#collect = chooser.pick('workload', 2, 0.6) === 1 ? 'all' : 'quorum';
    this.all = [1, 2, 3].map((number) => new SimulatedWitness(number, oracle));
    this.network = new WitnessNetwork(around, (url) => {
      const witness = this.all.find(({ key }) => url.startsWith(`https://${key.name}/`));
      if (witness === undefined) throw new Error(`nobody is at ${url}`);
      return witness;
    });
    if (this.failClosed) oracle.mustCarry((note) => this.#isEnough(note), published);
  }

  /** One of them changes its ways; an honest majority is not promised. */
  misconduct(): void {
    const { chooser, story } = this.#around;
    const witness = this.all[chooser.pick('workload', this.all.length, 0.3)];
    const conduct = MISCONDUCTS[chooser.pick('workload', MISCONDUCTS.length, 0.2)];
    if (witness === undefined || conduct === undefined) return;
    witness.conduct = witness.conduct === 'honest' ? conduct : 'honest';
    story.tell(`${witness.key.name}: ${witness.conduct}`);
  }

  /** Nothing goes wrong any more. */
  mend(): void {
    this.network.mishaps = 0;
    for (const witness of this.all) witness.conduct = 'honest';
  }

  /** The real client, in the process `owner`. */
  group(owner: object, clock: Clock): WitnessGroup {
    return new WitnessGroup({
      origin: ORIGIN,
      logVerifier,
      policy: policyOf(this.all.map(({ key }) => key)),
      verifierOf: witnessVerifier,
      failClosed: this.failClosed,
      collect: this.#collect,
      timeoutMs: TIMEOUT_MS,
      transport: this.network.transport(owner),
      clock,
      observe: ({ outcome }) => this.#around.story.count(`witness: ${outcome}`),
    });
  }

  #isEnough(note: Uint8Array): boolean {
    const keys = this.all.map(({ key }) => key);
    const names = cosignersOf(note, keys);
    return keys.filter(({ name }) => names.has(name)).length >= QUORUM;
  }
}

function policyOf(keys: readonly VerifierKey[]): WitnessPolicy {
  const reachable = keys.map((key) => ({
    kind: 'witness' as const,
    name: key.name,
    key,
    url: `https://${key.name}`,
  }));
  const members: readonly PolicyWitness[] = reachable;
  const quorum = { kind: 'group' as const, name: 'two', threshold: QUORUM, members };
  return { logs: [], witnesses: members, groups: [quorum], quorum, reachable };
}
