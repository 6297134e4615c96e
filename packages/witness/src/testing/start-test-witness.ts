import { encodeUtf8 } from '@tilewright/core/bytes';
import type { Checkpoint } from '@tilewright/core/checkpoint';
import type { Cosigner } from '@tilewright/core/cosignature';
import { sha256 } from '@tilewright/core/hash';
import { formatVerifierKey } from '@tilewright/core/note';
import { cosignerOf, privateKeyFromSeed } from '@tilewright/signer';
import { DEFAULT_LISTENER_LIMITS, type ListenerLimits, listen } from '../server/http/listener.ts';
import { RequestCounts } from '../server/http/request-counts.ts';
import { witnessHandler } from '../server/http/witness-handler.ts';
import { readKnownLogs } from '../server/known-logs.ts';
import { witnessStateInMemory } from '../server/state/open-witness-state.ts';
import type { WitnessState } from '../server/state/witness-state.ts';
import { Witness } from '../server/witness/witness.ts';
import type { WitnessEvent } from '../server/witness/witness-events.ts';
import { faultyHandler, type WitnessFault } from './witness-fault.ts';

/** Which witness to start. */
export interface TestWitnessOptions {
  /** Name of its keys. The keys follow from it: a witness of the same name has the same ones. */
  readonly name: string;
  /** Vkeys of the logs that it knows. */
  readonly logs: readonly string[];
  /** Its keys; without it one of Ed25519. */
  readonly keys?: readonly ('ed25519' | 'ml-dsa-44')[];
  readonly fault?: WitnessFault | undefined;
  /** Without it one in memory. The witness closes it. */
  readonly state?: WitnessState;
  readonly limits?: ListenerLimits;
  /** Milliseconds since 1970; without it the time of day. */
  readonly nowMs?: () => number;
}

/** A real witness on a free loopback port, which can be made to misbehave. */
export interface TestWitness {
  readonly name: string;
  /** Before `/add-checkpoint`. */
  readonly url: string;
  /** Of its first key. */
  readonly vkey: string;
  /** `witness <name> <vkey> <url>`, for a policy; its first key. */
  readonly policyLine: string;
  /** What is wrong with it from the next request on. */
  fault: WitnessFault | undefined;
  /** Requests that it took, whatever became of them. */
  readonly requests: number;
  /** What happened, in order. */
  readonly events: readonly WitnessEvent[];
  /** The checkpoint of the log that it cosigned last. */
  latest(origin: string): Checkpoint | undefined;
  /** Closes every connection, and the state. */
  close(): Promise<void>;
}

/** Starts a witness; who starts it closes it. */
export async function startTestWitness(options: TestWitnessOptions): Promise<TestWitness> {
  const { name, logs, keys = ['ed25519'], nowMs = Date.now, state = witnessStateInMemory(name) } = options;
  const cosigners = keys.map((kind) => testCosigner(name, kind));
  const known = readKnownLogs(encodeUtf8(logs.map((vkey) => `log ${vkey}\n`).join('')), cosigners);
  const events: WitnessEvent[] = [];
  const emit = (event: WitnessEvent): void => void events.push(event);
  const witness = new Witness({ cosigners, logs: known, state, nowMs, events: { emit } });
  const good = witnessHandler({ witness, prefix: '', counts: new RequestCounts() });
  let fault = options.fault;
  let requests = 0;
  const handler = faultyHandler(good, () => fault, cosigners, nowMs);
  const { port, close } = await listen(
    (request, response) => {
      requests += 1;
      handler(request, response);
    },
    { host: '127.0.0.1', port: 0 },
    options.limits ?? DEFAULT_LISTENER_LIMITS,
  );
  const [first] = cosigners;
  if (first === undefined) throw new Error('a witness has a key');
  const vkey = formatVerifierKey(name, first.key.type, first.key.key);
  const url = `http://127.0.0.1:${port}`;
  return {
    name,
    url,
    vkey,
    policyLine: `witness ${name} ${vkey} ${url}`,
    get fault() {
      return fault;
    },
    set fault(next) {
      fault = next;
    },
    get requests() {
      return requests;
    },
    events,
    latest: (origin) => witness.heads().find(({ checkpoint }) => checkpoint.origin === origin)?.checkpoint,
    close: async () => {
      await close(0);
      state.close();
    },
  };
}

/** The cosigner of a test's witness: the same for the same name. */
export function testCosigner(name: string, kind: 'ed25519' | 'ml-dsa-44' = 'ed25519'): Cosigner {
  return cosignerOf(name, privateKeyFromSeed(kind, sha256(encodeUtf8(`test witness ${kind} ${name}`))));
}
