import { createReadStream } from 'node:fs';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** Entries that are submitted at a rate, whether or not answers come: an open loop. */
export interface PacedLoad {
  /** Answers so far, by status; 'none' where there was none. */
  readonly answers: Readonly<Record<string, number>>;
  /** Submits no more, and gives up what is under way. */
  stop(): Promise<void>;
}

const TICK_MS = 5;

/** Submits `rate` requests a second, taken from the lines of `requests` and spread over `ports` in turns. */
export function startPacedLoad(ports: readonly number[], rate: number, requests: string): PacedLoad {
  const agent = new Agent({ keepAlive: true });
  const answers: Record<string, number> = {};
  const stopped = new AbortController();
  const submit = (port: number, body: string): void => {
    const count = (kind: string): void => {
      answers[kind] = (answers[kind] ?? 0) + 1;
    };
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request({ agent, host: '127.0.0.1', port, method: 'POST', path: '/api/v2/log/entries', headers });
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => count(String(response.statusCode)));
    });
    sent.on('error', () => count('none'));
    sent.end(body);
  };
  const run = async (): Promise<void> => {
    const lines = createInterface({ input: createReadStream(requests) })[Symbol.asyncIterator]();
    const started = performance.now();
    for (let sent = 0; !stopped.signal.aborted; ) {
      const due = Math.floor(((performance.now() - started) / 1000) * rate);
      for (; sent < due && !stopped.signal.aborted; sent++) {
        const line = await lines.next();
        if (line.done === true) throw new Error('the prepared requests ran out');
        submit(ports[sent % ports.length] ?? 0, line.value);
      }
      await sleep(TICK_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };
  const running = run();
  running.catch(() => undefined);
  return {
    get answers() {
      return { ...answers };
    },
    stop: async () => {
      stopped.abort();
      agent.destroy();
      await running;
    },
  };
}
