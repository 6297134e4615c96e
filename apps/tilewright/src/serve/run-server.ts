import { formatVerifierKey } from '@tilewright/core/note';
import {
  createServerMetrics,
  logEventMetrics,
  type ReadPathPlace,
  type RunningServer,
  type ServerMetrics,
  startFrontEnds,
  startRawServer,
  startRekorServer,
} from '@tilewright/rekor-server';
import type { ExitStatus } from '../cli/exit-status.ts';
import { programVersion } from '../cli/version.ts';
import { eventLines } from '../diagnostics/event-lines.ts';
import type { LogLines } from '../diagnostics/log-lines.ts';
import type { Io } from '../terminal/io.ts';
import type { ServeSettings } from './config/settings.ts';
import type { StoragePlace } from './config/storage-place.ts';
import { frontEndThreads } from './front-end-threads.ts';
import { entryRules, maxQueuedRequests, openPreparer } from './open-preparer.ts';
import { type ServerFacts, serverFacts } from './server-facts.ts';
import { buildInfo, serverOptions } from './server-options.ts';
import { startError } from './start-error.ts';
import { type OpenedStorage, openStorage } from './storage/open-storage.ts';
import { witnessGroup } from './storage/witnesses.ts';

/** Something that is up and has to be taken down. */
interface Running extends Served {
  readonly storage: OpenedStorage;
}

/** What answers clients. */
interface Served {
  readonly server: Pick<RunningServer, 'shutdown'>;
  /** Absent where entries need no preparation. */
  readonly preparer?: { close(): Promise<void> } | undefined;
}

/**
 * The life of a server: opens the log, listens, calls `ready`, and runs until it is interrupted or the log fails.
 * @throws CommandError 'refused' or 'failed' when it does not come up
 */
export async function runServer(
  settings: ServeSettings,
  io: Io,
  lines: LogLines,
  ready: (facts: ServerFacts) => void,
): Promise<ExitStatus> {
  try {
    return await live(settings, io, lines, ready);
  } finally {
    await settings.key.close?.();
  }
}

async function live(
  settings: ServeSettings,
  io: Io,
  lines: LogLines,
  ready: (facts: ServerFacts) => void,
): Promise<ExitStatus> {
  const facts = serverFacts(settings);
  const { key, keyPlace, additionalSigner, values } = settings;
  lines.info('starting tilewright', { version: programVersion(), node: process.version });
  lines.info('Loaded signing key', {
    'pubkey in base64 DER': Buffer.from(key.spki).toString('base64'),
    keyDetails: key.keyDetails,
    from: keyPlace,
  });
  lines.info('log identity', { origin: facts.origin, vkey: facts.vkey, logId: facts.logId });
  if (additionalSigner !== undefined) {
    const { name, type, key: material } = additionalSigner.key;
    lines.info('additional signing key', { vkey: formatVerifierKey(name, type, material) });
  }
  const running = await start(settings, lines).catch((error: unknown) => {
    throw startError(error);
  });
  const { httpUrl, grpcTarget, metricsUrl } = facts;
  const isRaw = values.personality === 'raw';
  lines.info('ready', {
    http: httpUrl,
    ...(isRaw ? { personality: 'raw' } : { grpc: grpcTarget }),
    metrics: metricsUrl,
    readOnly: running.storage.log === undefined,
  });
  if (running.storage.log === undefined && !values['read-only'])
    lines.warn('the log is frozen: it takes no entries, and is served as with --read-only');
  ready(facts);
  const failure = await Promise.race([
    interrupted(io.signal),
    running.storage.log?.failed ?? new Promise<never>(() => undefined),
  ]);
  if (failure !== undefined) {
    lines.error('stopping at once: nothing more can be written safely; a restart recovers what is durable', {
      code: failure.code,
    });
    return 1;
  }
  return shutDown(running, values['tlog-timeout'], lines);
}

async function start(settings: ServeSettings, lines: LogLines): Promise<Running> {
  const metrics = createServerMetrics(buildInfo());
  const storage = await openStorage(settings, {
    events: logEventMetrics(metrics, eventLines(lines)),
    witnesses: settings.witnesses && witnessGroup(settings.witnesses, settings.key, metrics, lines),
  });
  try {
    return { storage, ...(await serve(settings, storage, metrics, lines)) };
  } catch (error) {
    await storage.log?.close({ timeoutMs: settings.values['tlog-timeout'] });
    await storage.close();
    throw error;
  }
}

function serve(
  settings: ServeSettings,
  storage: OpenedStorage,
  metrics: ServerMetrics,
  lines: LogLines,
): Promise<Served> {
  const threads = frontEndThreads(settings.values['http-workers'], lines);
  if (threads > 1) return serveFromThreads(threads, settings, storage, metrics, lines);
  const serveHere = settings.values.personality === 'raw' ? serveRaw : serveRekor;
  return serveHere(settings, storage, metrics, lines);
}

async function serveFromThreads(
  threads: number,
  settings: ServeSettings,
  storage: OpenedStorage,
  metrics: ServerMetrics,
  lines: LogLines,
): Promise<Served> {
  const { values } = settings;
  const plan = {
    threads,
    rules: values.personality === 'raw' ? undefined : entryRules(values),
    reading: readingPlace(settings.place),
    maxQueuedRequests: maxQueuedRequests(values),
  };
  return {
    server: await startFrontEnds(serverOptions(settings), serverDeps(settings, storage, metrics, lines), plan),
  };
}

/** Where a thread that serves clients reads by itself. */
function readingPlace(place: StoragePlace): ReadPathPlace {
  if (place.kind === 'posix') return { kind: 'directory', directory: place.dir };
  return {
    kind: 'module',
    url: new URL(`./storage/backends/gcp-read-path${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
      .href,
    place: place.bucket,
  };
}

async function serveRekor(
  settings: ServeSettings,
  storage: OpenedStorage,
  metrics: ServerMetrics,
  lines: LogLines,
): Promise<Served> {
  const preparer = await openPreparer(settings.values, metrics, lines);
  try {
    const deps = { ...serverDeps(settings, storage, metrics, lines), preparer };
    return { preparer, server: await startRekorServer(serverOptions(settings), deps) };
  } catch (error) {
    await preparer.close();
    throw error;
  }
}

async function serveRaw(
  settings: ServeSettings,
  storage: OpenedStorage,
  metrics: ServerMetrics,
  lines: LogLines,
): Promise<Served> {
  return {
    server: await startRawServer(serverOptions(settings), serverDeps(settings, storage, metrics, lines)),
  };
}

function serverDeps(settings: ServeSettings, storage: OpenedStorage, metrics: ServerMetrics, serverLog: LogLines) {
  const { log, readPath, readiness } = storage;
  const nowMs = (): number => performance.now();
  return { log, readPath, readiness, facts: settings.key, metrics, serverLog, nowMs };
}

/** Answers what is under way, then closes the log, all within `timeoutMs`; 1 when that was not enough. */
async function shutDown(
  { server, storage, preparer }: Running,
  timeoutMs: number,
  lines: LogLines,
): Promise<ExitStatus> {
  lines.info('shutting down', { timeoutMs });
  const startedMs = performance.now();
  // Clients that do not read get most of the time and no more: the log needs the rest.
  await server.shutdown(0.75 * timeoutMs);
  const left = Math.max(0, timeoutMs - (performance.now() - startedMs));
  const outcome = (await storage.log?.close({ timeoutMs: left })) ?? 'settled';
  await preparer?.close();
  await storage.close();
  if (outcome === 'settled') {
    lines.info('stopped', { ms: Math.round(performance.now() - startedMs) });
    return 0;
  }
  lines.error('stopped before everything was settled: entries without an answer may be in the log', { timeoutMs });
  return 1;
}

function interrupted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
