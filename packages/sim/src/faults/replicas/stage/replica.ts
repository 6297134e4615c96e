import { type Log, LogError, type LogOptions, openLog, type Receipt } from '@tilewright/log';
import type { Clock, LogEvent } from '@tilewright/log/ports';
import { recordEvents } from '@tilewright/log/testing';
import type { Oracle } from '../../../oracle/oracle.ts';
import { entry } from '../../../world/entries.ts';
import { logSigner, logVerifier, ORIGIN } from '../../../world/log-key.ts';
import { processEntropy } from '../../../world/process-world.ts';
import { Pulse } from './pulse.ts';
import { Script } from './script.ts';
import { play, scriptedPorts, type Wiring } from './scripted-ports.ts';

const CLOSE_MS = 10_000;
const key = logSigner(() => {});

/** The clock of a process: nothing wakes it while it is stopped. */
function clockOf(clock: Clock, pulse: Pulse): Clock {
  return {
    monotonicMs: () => clock.monotonicMs(),
    wallMs: () => clock.wallMs(),
    sleep: async (ms, signal) => {
      await clock.sleep(ms, signal);
      await pulse.beat();
    },
    turn: async () => {
      await clock.turn();
      await pulse.beat();
    },
  };
}

/** One process of the log: the real engine, whose calls go the way the scenario says. */
export class Replica {
  readonly script: Script;
  /** Sizes that it signed, in order. */
  readonly signed: number[] = [];
  readonly #wiring: Wiring;
  readonly #clock: Clock;
  readonly #oracle: Oracle;
  readonly #number: number;
  readonly #events = recordEvents();
  #log: Log | undefined;

  constructor(wiring: Wiring, clock: Clock, oracle: Oracle, number: number) {
    this.script = wiring.script;
    this.#wiring = wiring;
    this.#clock = clock;
    this.#oracle = oracle;
    this.#number = number;
  }

  get log(): Log {
    if (this.#log === undefined) throw new Error(`replica ${this.#number} is not open`);
    return this.#log;
  }

  /** Whether it is open, neither killed nor closed, and can write. */
  get works(): boolean {
    return this.#wiring.pulse.alive && this.#log !== undefined && !this.writingStopped;
  }

  /** Whether its log said that it writes nothing more. */
  get writingStopped(): boolean {
    return this.#log?.status().unready?.startsWith('writing stopped') ?? false;
  }

  /** What its log reported. */
  get events(): readonly LogEvent[] {
    return this.#events.seen;
  }

  /** Opens the log; throws what opening throws. */
  async open(options: LogOptions): Promise<void> {
    const signer = {
      ...key,
      sign: (text: Uint8Array) => play(this.#wiring, 'sign', [text], () => this.#sign(text)),
    };
    this.#log = await openLog(
      {
        origin: ORIGIN,
        signers: [signer],
        verifier: logVerifier,
        ...scriptedPorts(this.#wiring),
        clock: clockOf(this.#clock, this.#wiring.pulse),
        entropy: processEntropy(this.#number),
        events: this.#events,
      },
      options,
    );
  }

  /** Sends in the `n`th entry. The answer goes to the oracle too. */
  add(n: number): Promise<Receipt> {
    const answer = this.log.add(entry(n)).then(async (receipt) => {
      // Whoever is answered can see the checkpoint: the oracle, too, looks before it judges.
      await this.#wiring.observer.checkpoint();
      this.#oracle.answered(entry(n), receipt);
      return receipt;
    });
    // A scenario that failed before it looks has said enough.
    answer.catch(() => undefined);
    return answer;
  }

  /** Stops the process in its tracks: what it called is carried out, and it notices nothing. */
  stop(): void {
    this.#wiring.pulse.stop();
  }

  goOn(): void {
    this.#wiring.pulse.goOn();
  }

  /** The process is gone; what it called before may still be carried out. */
  kill(): void {
    this.#wiring.pulse.end();
  }

  /** Closes the log as a process does that is told to end. */
  async close(timeoutMs: number = CLOSE_MS): Promise<'settled' | 'timed-out'> {
    const outcome = await this.log.close({ timeoutMs });
    this.kill();
    return outcome;
  }

  async #sign(text: Uint8Array): Promise<Uint8Array> {
    await this.#wiring.observer.signing(text);
    this.signed.push(Number(new TextDecoder().decode(text).split('\n')[1]));
    return key.sign(text);
  }
}

/** Whether `error` is the answer that a client gets who may find the entry in the log all the same. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof LogError && error.code === 'outcome-unknown';
}

/** A replica's parts before it opens. */
export function newWiring(parts: Omit<Wiring, 'script' | 'pulse'>): Wiring {
  return { ...parts, script: new Script(), pulse: new Pulse() };
}
