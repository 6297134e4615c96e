import assert from 'node:assert/strict';
import { parseCheckpoint } from '@tilewright/core/checkpoint';
import { parseNote } from '@tilewright/core/note';
import { DEFAULT_LOG_OPTIONS, type LogOptions } from '@tilewright/log';
import type { StoredCheckpoint } from '@tilewright/log/ports';
import { type CheckedLog, checkLog } from '@tilewright/log/testing';
import { Oracle } from '../../../oracle/oracle.ts';
import type { RemotePorts } from '../../../replicas/remote-store.ts';
import { logVerifier, ORIGIN } from '../../../world/log-key.ts';
import { Observer } from './observer.ts';
import { newWiring, Replica } from './replica.ts';
import type { Scenario, SharedStore } from './shared-store.ts';

/** Tiles four entries wide; nothing collects; whatever is tried again is tried soon. */
const OPTIONS: LogOptions = {
  ...DEFAULT_LOG_OPTIONS,
  tileHeight: 2,
  collectIntervalMs: 3_000_000,
  retry: { firstMs: 5, lastMs: 50 },
  dedupe: { maxLag: 100, batch: 40, intervalMs: 10, recent: 20 },
};
/** Beyond it nothing comes true any more. */
const PATIENCE_MS = 15_000;
/** Long enough that whoever could still do something has done it: two pauses between checkpoints. */
const REST_MS = 2_500;

/** How a replica is set up. */
export interface Part {
  readonly limits?: Partial<LogOptions>;
  /** No hint of other replicas' progress ever arrives. */
  readonly deaf?: boolean;
}

/** The shared store of one scenario, the replicas on it, and the oracle that watches them. */
export class Stage {
  readonly oracle: Oracle = new Oracle();
  /** An outsider's connection: no script touches it. */
  readonly eye: RemotePorts;
  readonly store: SharedStore;
  readonly #observer: Observer;
  readonly #opened: RemotePorts[];
  readonly #replicas: Replica[] = [];
  #limits: Partial<LogOptions> = {};

  constructor(store: SharedStore, eye: RemotePorts) {
    this.store = store;
    this.eye = eye;
    this.#opened = [eye];
    this.#observer = new Observer(this.oracle, eye);
  }

  /** A replica that is not open yet, so that its opening can be scripted. */
  async cast({
    limits = {},
    deaf = false,
  }: Part = {}): Promise<{ readonly replica: Replica; open(): Promise<Replica> }> {
    const ports = await this.store.open();
    this.#opened.push(ports);
    const wiring = newWiring({ ports, observer: this.#observer, deaf });
    const replica = new Replica(wiring, this.store.clock, this.oracle, this.#opened.length);
    // Tiles belong to the log: all of its replicas have them alike.
    if (limits.tileHeight !== undefined) this.#limits = { tileHeight: limits.tileHeight };
    const open = async (): Promise<Replica> => {
      await replica.open({ ...OPTIONS, ...this.#limits, ...limits });
      this.#replicas.push(replica);
      return replica;
    };
    return { replica, open };
  }

  /** Starts one more replica. */
  async start(part: Part = {}): Promise<Replica> {
    return (await this.cast(part)).open();
  }

  /** Waits until `condition` holds. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    const { clock } = this.store;
    const patience = clock.monotonicMs() + PATIENCE_MS;
    while (!(await condition())) {
      assert.ok(clock.monotonicMs() < patience, `never came true: ${condition}`);
      await this.pause(1);
    }
  }

  /** Lets time pass. */
  pause(ms: number = REST_MS): Promise<void> {
    return this.store.clock.sleep(ms, new AbortController().signal);
  }

  /** The checkpoint that the world sees. */
  async shown(): Promise<StoredCheckpoint & { readonly size: number }> {
    const stored = await this.eye.checkpoints.read();
    assert.ok(stored !== undefined, 'there is no checkpoint');
    return { ...stored, size: parseCheckpoint(parseNote(stored.note).text).size };
  }

  /** Asserts that the checkpoint is of `size`, and, once everybody rests, that it stays and nothing is signed. */
  async staysAt(size: number): Promise<void> {
    await this.pause();
    const signatures = (): number => this.#replicas.reduce((sum, { signed }) => sum + signed.length, 0);
    const before = { ...(await this.shown()), signatures: signatures() };
    await this.pause();
    assert.equal(before.size, size);
    assert.deepEqual({ ...(await this.shown()), signatures: signatures() }, before);
    this.oracle.check();
  }

  /**
   * Nothing goes wrong any more: whoever works finishes and closes, a last process opens, publishes what is left and
   * closes, and the whole log is held to everything that was ever shown. Returns it as an outsider finds it.
   */
  async finish(): Promise<CheckedLog> {
    this.oracle.check();
    for (const replica of this.#replicas) {
      replica.script.clear();
      replica.goOn();
      if (replica.works) assert.equal(await replica.close(), 'settled');
    }
    const last = await this.start();
    const { next, published } = last.log.status();
    assert.equal(published, next, 'what is sequenced is published');
    assert.equal(await last.close(), 'settled');
    const { objects, checkpoints } = this.eye;
    const { tileHeight = OPTIONS.tileHeight } = this.#limits;
    const checked = await checkLog({ origin: ORIGIN, verifier: logVerifier, objects, checkpoints, tileHeight });
    this.oracle.judgeEnd(checked);
    this.oracle.check();
    assert.equal(checked.size, (await this.eye.sequence.head()).next);
    return checked;
  }

  /** Ends every process and lets the connections go. */
  async clear(): Promise<void> {
    for (const replica of this.#replicas) replica.kill();
    await Promise.all(this.#opened.flatMap(({ sequence, dedupe }) => [sequence.close(), dedupe.close()]));
  }
}

/** The scenario that `play` is, on a stage of its own. */
export function onStage(play: (stage: Stage) => Promise<void>): Scenario {
  return async (makeStore) => {
    const store = makeStore();
    const stage = new Stage(store, await store.open());
    try {
      await play(stage);
      stage.oracle.check();
    } finally {
      await stage.clear();
    }
  };
}
