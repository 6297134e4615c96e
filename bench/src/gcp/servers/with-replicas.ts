import { setTimeout as sleep } from 'node:timers/promises';
import { EntryMaker, entryJson } from '../../requests/entry-request.ts';
import { type ServerCommand, type ServerProcess, startServer } from '../../server/server-process.ts';

/** So many entries, one after the other, each replica accepts before the load begins. */
const FIRST_ENTRIES = 3;
/** Milliseconds that it gets for that: one that accepts nothing is measured all the same. */
const FIRST_WITHIN_MS = 20_000;
/** Its own requests end after 20 s. */
const ANSWER_WITHIN_MS = 25_000;
/** A server that is asked to end may wait for what it has begun; on an emulator that may never come. */
const STOP_MS = 5_000;

/** Starts replicas of one log, has each take a few entries, and stops them when `measure` has ended, however. */
export async function withReplicas<T>(
  commands: readonly ServerCommand[],
  measure: (servers: readonly ServerProcess[]) => Promise<T>,
): Promise<T> {
  const servers: ServerProcess[] = [];
  try {
    // One after the other, as a deployment does it: the first makes the log.
    for (const command of commands) servers.push(await startServer(command));
    for (const { ports } of commands) await firstEntries(ports.http);
    return await measure(servers);
  } finally {
    await Promise.all(servers.map((server) => server.stop(STOP_MS)));
  }
}

async function firstEntries(port: number): Promise<void> {
  const maker = new EntryMaker(new Date());
  const deadline = performance.now() + FIRST_WITHIN_MS;
  for (let accepted = 0; accepted < FIRST_ENTRIES && performance.now() < deadline; ) {
    if (await isAccepted(port, entryJson(maker.make(false)))) accepted += 1;
    else await sleep(250);
  }
}

/** Nothing is called off: v2.3.0 of the peer would answer 499 to everybody who waits for the same checkpoint. */
async function isAccepted(port: number, body: NonNullable<RequestInit['body']>): Promise<boolean> {
  const submit = async (): Promise<boolean> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v2/log/entries`, { method: 'POST', body });
    await response.arrayBuffer();
    return response.status === 201;
  };
  const late = sleep(ANSWER_WITHIN_MS, false, { ref: false });
  return Promise.race([submit().catch(() => false), late]);
}
