import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../percentile.ts';
import { CallConnection } from './call-connection.ts';
import { callHeaders } from './call-frames.ts';
import type { MessageList } from './read-messages.ts';

/** How to load. */
export interface CallLoad {
  readonly port: number;
  /** Connections, each with one call under way. */
  readonly writers: number;
  readonly warmUpSeconds: number;
  readonly measuredSeconds: number;
  /** File of HTTP bodies, one a line; no line is sent twice. */
  readonly requests: string;
  /** Lines of it that the run can use up. */
  readonly count: number;
}

/** What the measured seconds came to. */
export interface CallResult {
  readonly seconds: number;
  readonly accepted: number;
  /** Milliseconds of accepted calls; `null` when there were none. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly failureKinds: Readonly<Record<string, number>>;
  readonly exhausted: boolean;
}

const CREATE_ENTRY = '/dev.sigstore.rekor.v2.Rekor/CreateEntry';
/** A server that refuses at once is not asked again at once. */
const AFTER_FAILURE_MS = 50;

/** Every connection makes one call after another; `onMeasuring` is called when the warm-up is over. */
export async function loadByCalls(
  { port, writers, warmUpSeconds, measuredSeconds }: CallLoad,
  messages: MessageList,
  onMeasuring: () => void,
): Promise<CallResult> {
  const headers = callHeaders(CREATE_ENTRY, `127.0.0.1:${port}`);
  let next = 0;
  let isMeasuring = false;
  let isOver = false;
  let exhausted = false;
  const times: number[] = [];
  const failureKinds: Record<string, number> = {};
  const connections = Array.from({ length: writers }, () => {
    let sentAt = 0;
    const send = (): void => {
      if (isOver) return;
      const message = messages.at(next);
      if (message === undefined) {
        exhausted = true;
        return;
      }
      next++;
      sentAt = performance.now();
      connection.call(message);
    };
    const connection = new CallConnection(port, headers, (end) => {
      if (end === 'ok') {
        if (isMeasuring) times.push(performance.now() - sentAt);
        send();
        return;
      }
      if (isMeasuring) failureKinds[end] = (failureKinds[end] ?? 0) + 1;
      setTimeout(send, AFTER_FAILURE_MS);
    });
    return { send, connection };
  });
  for (const { send } of connections) send();
  await sleep(warmUpSeconds * 1_000);
  onMeasuring();
  isMeasuring = true;
  const start = performance.now();
  await sleep(measuredSeconds * 1_000);
  isMeasuring = false;
  isOver = true;
  const seconds = (performance.now() - start) / 1_000;
  for (const { connection } of connections) connection.stop();
  const at = (fraction: number): number | null => (times.length === 0 ? null : percentile(times, fraction));
  return {
    seconds,
    accepted: times.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    failureKinds,
    exhausted,
  };
}
