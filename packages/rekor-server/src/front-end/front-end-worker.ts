// A front end: serves clients on this thread, and hands entries to the engine's thread.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { EntryRules } from '@tilewright/rekor-entry';
import type { ServedListener } from '../listen/serve-listeners.ts';
import type { ServerLog } from '../logging/server-log.ts';
import { createServerMetrics } from '../metrics/server-metrics.ts';
import { openRawListeners } from '../raw/start-raw-server.ts';
import { openReadPath } from '../reading/read-path.ts';
import { openRekorListeners } from '../rekor-listeners.ts';
import { ServerError } from '../server-error.ts';
import { chooseEcdsaBackend } from '../verify/ecdsa/choose-backend.ts';
import type { EcdsaBackend } from '../verify/ecdsa/ecdsa-backend.ts';
import { toldBackend } from '../verify/ecdsa/told-backend.ts';
import { createVerifySignature } from '../verify/verify-signature.ts';
import { createInlinePreparer } from '../worker/inline-preparer.ts';
import type { FromFrontEnd, ToFrontEnd } from './boundary/messages.ts';
import { RemoteLog } from './boundary/remote-log.ts';
import type { FrontEndSetup } from './front-end-setup.ts';

if (parentPort === null) throw new Error('this file runs as a worker thread of the server');
await serve(parentPort, workerData as FrontEndSetup);

async function serve(port: MessagePort, setup: FrontEndSetup): Promise<void> {
  const post = (message: FromFrontEnd, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const line =
    (level: keyof ServerLog): ServerLog[typeof level] =>
    (message, attributes) =>
      post({ type: 'line', level, message, attributes });
  const metrics = createServerMetrics(setup.options.build);
  const remote = new RemoteLog(post);
  let unready: string | undefined = 'the server is starting';
  const deps = {
    log: setup.readOnly ? undefined : remote,
    readPath: await openReadPath(setup.reading),
    facts: setup.facts,
    metrics,
    serverLog: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
    readiness: () => unready,
    nowMs: () => performance.now(),
  };
  const { personality, options } = setup;
  const preparer = (rules: EntryRules, backend: EcdsaBackend) =>
    createInlinePreparer(rules, createVerifySignature(backend), setup.maxQueuedRequests);
  // Raw entries carry no signatures.
  const ecdsa = personality.name === 'raw' ? undefined : await chooseEcdsaBackend();

  let listeners: readonly ServedListener[];
  try {
    const opened: Readonly<Record<string, ServedListener>> =
      ecdsa === undefined || personality.name === 'raw'
        ? await openRawListeners(options, deps)
        : await openRekorListeners(options, { ...deps, preparer: preparer(personality.rules, ecdsa.backend) });
    listeners = Object.values(opened);
    for (const { listener } of listeners) await listener.start();
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    post({ type: 'not-listening', code: error.code, message: error.message });
    port.close();
    return;
  }

  const measured = (asked: boolean): void =>
    post({ type: 'measured', samples: [...metrics.registry.summable()], asked });
  const beat = setInterval(() => measured(false), setup.beatMs);
  port.on('message', async (message: ToFrontEnd) => {
    switch (message.type) {
      case 'readiness':
        unready = message.reason;
        return;
      case 'measure':
        measured(true);
        return;
      case 'close':
        await Promise.all(listeners.map(({ listener }) => listener.close(message.graceMs)));
        for (const { certificate } of listeners) certificate?.close();
        measured(false);
        clearInterval(beat);
        post({ type: 'closed' });
        return;
      default:
        remote.receive(message);
    }
  });
  post({ type: 'listening', verifying: ecdsa && toldBackend(ecdsa) });
}
