import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { encodeUtf8, type Hash } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { keyIdOf, type NoteSigner, type NoteVerifier, noteKeyHash } from '@tilewright/core/note';
import { DEFAULT_LOG_OPTIONS, type Log, type LogDeps, type LogOptions, type NewEntry, openLog } from '@tilewright/log';
import type { Token } from '@tilewright/log/ports';
import { type CheckedLog, checkLog, realClock, realEntropy, recordEvents } from '@tilewright/log/testing';
import type { MemoryState } from '../memory-state.ts';
import { type MemoryStore, openMemoryStore } from '../open-memory-store.ts';

/** The origin of every log here. */
export const ORIGIN = 'log.example/engine';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const key = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
const keyId = keyIdOf(noteKeyHash(ORIGIN, 0x01, key));

/** The one key of these tests. */
export const signer: NoteSigner = {
  name: ORIGIN,
  keyId,
  sign: async (text) => new Uint8Array(sign(null, text, privateKey)),
};
export const verifier: NoteVerifier = {
  name: ORIGIN,
  keyId,
  verify: (text, signature) => verify(null, text, publicKey, signature),
};

/** Entry number `i`. */
export function entry(i: number | string): NewEntry & { readonly leafHash: Hash } {
  const data = encodeUtf8(`entry ${i}`);
  return { data, leafHash: leafHash(data) };
}

/** A store on a new state, or another replica's on `state`. */
export function testStore(state?: MemoryState): MemoryStore {
  return openMemoryStore(state === undefined ? {} : { state });
}

/** `port` with some of its methods replaced. */
export function changed<T extends object>(port: T, changes: Partial<T>): T {
  return new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in changes ? changes : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The token of an append that no log makes. */
export const TOKEN: Token = new Uint8Array(16) as Uint8Array as Token;

/** A door that a test opens: whoever passes before waits. */
export interface Door {
  pass(): Promise<void>;
  open(): void;
  /** Resolves when somebody stands before the door. */
  readonly reached: Promise<void>;
}

export function door(): Door {
  const opened = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  return {
    pass: () => {
      reached.resolve();
      return opened.promise;
    },
    open: opened.resolve,
    reached: reached.promise,
  };
}

/** Waits until `condition` holds; a machine may be slow. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 2000) throw new Error(`never came true: ${condition}`);
    await later(2);
  }
}

/** Lets everything that is ready run, for about `ms`. */
export async function pause(ms = 20): Promise<void> {
  await later(ms);
}

/** Everything a log needs over `store`, with the parts in `changed` put in their place. */
export function testDeps(
  store: MemoryStore,
  changed: Partial<LogDeps> = {},
): LogDeps & { readonly events: ReturnType<typeof recordEvents> } {
  const { objects, checkpoints, sequence, dedupe } = store;
  const events = recordEvents();
  const world = { clock: realClock(), entropy: realEntropy() };
  return {
    origin: ORIGIN,
    signers: [signer],
    verifier,
    objects,
    checkpoints,
    sequence,
    dedupe,
    ...world,
    ...changed,
    events,
  };
}

/** Opens a log on a new store, or on `store`. */
export async function testLog(
  options: {
    readonly store?: MemoryStore;
    readonly changed?: Partial<LogDeps>;
    readonly limits?: Partial<LogOptions>;
  } = {},
): Promise<{ readonly log: Log; readonly store: MemoryStore; readonly deps: ReturnType<typeof testDeps> }> {
  const store = options.store ?? testStore();
  const deps = testDeps(store, options.changed);
  const log = await openLog(deps, { ...DEFAULT_LOG_OPTIONS, retry: { firstMs: 2, lastMs: 10 }, ...options.limits });
  return { log, store, deps };
}

/** The log as an outsider finds it. */
export function visible({ objects, checkpoints }: MemoryStore, tileHeight?: number): Promise<CheckedLog> {
  return checkLog({ origin: ORIGIN, verifier, objects, checkpoints, tileHeight });
}
