import type { RemotePorts } from '../../../replicas/remote-store.ts';
import type { Observer } from './observer.ts';
import type { Pulse } from './pulse.ts';
import type { Answer, Call, Methods, Script } from './script.ts';

/** How a replica reaches its store. */
export interface Wiring {
  readonly ports: RemotePorts;
  readonly script: Script;
  readonly pulse: Pulse;
  readonly observer: Observer;
  /** No hint of other replicas' progress ever arrives. */
  readonly deaf: boolean;
}

/** Makes a call the way the process of `wiring` does: while it runs, and as its script says. */
export function play<C extends Call>(
  { pulse, script }: Wiring,
  name: C,
  args: Parameters<Methods[C]>,
  apply: () => Promise<Answer<C>>,
): Promise<Answer<C>> {
  return whileItRuns(pulse, () => script.call(name, args, apply));
}

async function whileItRuns<T>(pulse: Pulse, call: () => Promise<T>): Promise<T> {
  await pulse.beat();
  try {
    return await call();
  } finally {
    await pulse.beat();
  }
}

async function* heard({ ports, pulse, deaf }: Wiring, signal: AbortSignal): AsyncGenerator<void> {
  for await (const _ of ports.sequence.changes(signal)) {
    if (deaf) continue;
    await pulse.beat();
    yield;
  }
}

/** The ports of one replica: every call goes to the shared store as the script says, and the oracle sees what it does. */
export function scriptedPorts(wiring: Wiring): RemotePorts {
  const { objects, checkpoints, signedCheckpoints, sequence, dedupe } = wiring.ports;
  const { observer } = wiring;
  const via = <C extends Call>(name: C, args: Parameters<Methods[C]>, apply: () => Promise<Answer<C>>) =>
    play(wiring, name, args, apply);
  const plainly = <T>(apply: () => Promise<T>): Promise<T> => whileItRuns(wiring.pulse, apply);
  return {
    objects: {
      create: (path, bytes) =>
        via('create', [path, bytes], () => objects.create(path, bytes).finally(() => observer.object(path))),
      sync: () => plainly(() => objects.sync()),
      read: (path, signal) => via('readObject', [path, signal], () => objects.read(path, signal)),
      dropPartials: (of) => plainly(() => objects.dropPartials(of)),
      isEmpty: () => plainly(() => objects.isEmpty()),
    },
    checkpoints: {
      minIntervalMs: checkpoints.minIntervalMs,
      read: () => via('readCheckpoint', [], () => checkpoints.read()),
      replace: (note, expected) =>
        via('replace', [note, expected], () =>
          checkpoints.replace(note, expected).finally(() => observer.checkpoint()),
        ),
    },
    signedCheckpoints: {
      keep: (size, note) => plainly(() => signedCheckpoints.keep(size, note)),
    },
    sequence: {
      head: () => via('head', [], () => sequence.head()),
      append: (entries, token, signal) =>
        via('append', [entries, token, signal], () => sequence.append(entries, token, signal)),
      pending: (max) => via('pending', [max], () => sequence.pending(max)),
      advance: (from, to) => via('advance', [from, to], () => sequence.advance(from, to)),
      raiseSigned: (to, minAgeMs, ahead) =>
        via('raiseSigned', [to, minAgeMs, ahead], () => sequence.raiseSigned(to, minAgeMs, ahead)),
      release: (below) => via('release', [below], () => sequence.release(below)),
      collect: (from, to) => plainly(() => sequence.collect(from, to)),
      freeze: (atMs) => plainly(() => sequence.freeze(atMs)),
      changes: (signal) => heard(wiring, signal),
      room: () => plainly(() => sequence.room()),
      close: () => sequence.close(),
    },
    dedupe: {
      covered: () => plainly(() => dedupe.covered()),
      find: (ids) => via('find', [ids], () => dedupe.find(ids)),
      add: (from, ids) => via('index', [from, ids], () => dedupe.add(from, ids)),
      reset: () => plainly(() => dedupe.reset()),
      close: () => dedupe.close(),
    },
  };
}
