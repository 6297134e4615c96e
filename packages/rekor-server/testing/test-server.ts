import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LOG_OPTIONS, type Log, type LogOptions, openLog } from '@tilewright/log';
import { realClock, realEntropy } from '@tilewright/log/testing';
import { type EntryRules, PERMITTED_ALGORITHMS } from '@tilewright/rekor-entry';
import { generateEd25519KeyPem, type LogKey, loadSignerFile } from '@tilewright/signer';
import { type MemoryStore, openMemoryStore } from '@tilewright/store-memory';
import { type FrontEndPlan, startFrontEnds } from '../src/front-end/start-front-ends.ts';
import type { RunningServer } from '../src/listen/serve-listeners.ts';
import type { LogAttributes, ServerLog } from '../src/logging/server-log.ts';
import { logEventMetrics } from '../src/metrics/log-event-metrics.ts';
import { createServerMetrics, type ServerMetrics } from '../src/metrics/server-metrics.ts';
import { readPathOfStores } from '../src/reading/read-path.ts';
import type { RekorServerDeps } from '../src/rekor-listeners.ts';
import { DEFAULT_LIMITS, type RekorServerOptions } from '../src/server-options.ts';
import { startRekorServer } from '../src/start-rekor-server.ts';
import { loadOpenSslEcdsa } from '../src/verify/ecdsa/openssl-ecdsa.ts';
import { portableEcdsa } from '../src/verify/ecdsa/portable-ecdsa.ts';
import { createVerifySignature } from '../src/verify/verify-signature.ts';
import { createInlinePreparer } from '../src/worker/inline-preparer.ts';

/** A log line as the server wrote it. */
export interface LogLine {
  readonly level: keyof ServerLog;
  readonly message: string;
  readonly attributes: LogAttributes;
}

/** A server over a real engine and storage in memory, on free ports of the loopback interface. */
export interface TestServer {
  readonly server: RunningServer;
  readonly log: Log;
  readonly store: MemoryStore;
  readonly key: LogKey;
  readonly metrics: ServerMetrics;
  readonly lines: readonly LogLine[];
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Stops the server, then the log. */
  close(): Promise<void>;
}

/** What differs from the usual test server. */
export interface TestServerChanges {
  readonly options?: Partial<RekorServerOptions>;
  readonly deps?: Partial<RekorServerDeps>;
  readonly limits?: Partial<LogOptions>;
  readonly rules?: Partial<EntryRules>;
  /** Serves as after `--read-only`. */
  readonly readOnly?: boolean;
  /** Serves from threads; they read from a folder of their own, not from the log. */
  readonly frontEnds?: Partial<FrontEndPlan> | undefined;
  /** Stores of the log with some methods replaced. */
  readonly stores?: (store: MemoryStore) => MemoryStore;
}

const HOST = '127.0.0.1';
const ORIGIN = 'rekor.test';
const ecdsa = await loadOpenSslEcdsa().catch(() => portableEcdsa);

/** A `ServerLog` that keeps every line. */
export function recordingLog(): { readonly log: ServerLog; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: keyof ServerLog) =>
    (message: string, attributes: LogAttributes = {}) =>
      void lines.push({ level, message, attributes });
  return { log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

/** Starts a server. The caller closes it. */
export async function testServer(changes: TestServerChanges = {}): Promise<TestServer> {
  const store = changes.stores?.(openMemoryStore()) ?? openMemoryStore();
  const key = loadSignerFile(generateEd25519KeyPem(), ORIGIN);
  const metrics = createServerMetrics({ version: 'v0.0.0', revision: 'test', buildDate: 'never' });
  const { objects, checkpoints, sequence, dedupe } = store;
  const log = await openLog(
    {
      origin: ORIGIN,
      signers: [key.signer],
      verifier: key.verifier,
      objects,
      checkpoints,
      sequence,
      dedupe,
      clock: realClock(),
      entropy: realEntropy(),
      events: logEventMetrics(metrics),
    },
    { ...DEFAULT_LOG_OPTIONS, ...changes.limits },
  );
  const recording = recordingLog();
  const rules = { algorithms: PERMITTED_ALGORITHMS, acceptDsse: false, ...changes.rules };
  const address = { host: HOST, port: 0 };
  const options: RekorServerOptions = {
    http: address,
    grpc: address,
    metrics: address,
    ...DEFAULT_LIMITS,
    callLog: { calls: false, bodies: false },
    build: { version: 'v0.0.0', revision: 'test', buildDate: 'never' },
    allowAnyPort: true,
    ...changes.options,
  };
  const deps = {
    log: changes.readOnly ? undefined : log,
    readPath: readPathOfStores(objects, checkpoints),
    facts: key,
    metrics,
    serverLog: recording.log,
    readiness: () => log.status().unready,
  };
  const directory = changes.frontEnds && mkdtempSync(join(tmpdir(), 'front-ends-'));
  const reading = { kind: 'directory', directory: directory ?? '' } as const;
  const plan = directory && { threads: 2, rules, reading, maxQueuedRequests: 10_000, ...changes.frontEnds };
  const server = await (plan === undefined
    ? startRekorServer(options, {
        ...deps,
        preparer: createInlinePreparer(rules, createVerifySignature(ecdsa)),
        nowMs: () => performance.now(),
        ...changes.deps,
      })
    : startFrontEnds(options, deps, plan));
  return {
    server,
    log,
    store,
    key,
    metrics,
    lines: recording.lines,
    url: `http://${HOST}:${server.ports.http}`,
    close: async () => {
      await server.shutdown(1000);
      await log.close({ timeoutMs: 1000 });
      if (directory !== undefined) rmSync(directory, { recursive: true });
    },
  };
}
