import { type Command, defineCommand } from '../cli/command.ts';
import { CommandError } from '../cli/command-error.ts';
import { linesFor } from '../commands/serve.ts';
import type { LogLines } from '../diagnostics/log-lines.ts';
import { otherBackendFlags } from '../serve/config/other-backends.ts';
import { checkSettings, type ServeSettings, serveFlags } from '../serve/config/settings.ts';
import { signerPlace } from '../serve/config/signer/signer-source.ts';
import { runServer } from '../serve/run-server.ts';
import { banner } from './banner.ts';
import { makeKeyIfAbsent } from './make-key.ts';
import { keepTrustDocuments, type TrustDocuments } from './trust-documents.ts';

const DATA = './data';

/** `serve` as `npm start` runs it: a log called localhost in ./data, with a key that is made at the first start. */
export const startCommand: Command = defineCommand({
  name: 'serve',
  summary: 'Run a log in ./data',
  description:
    'npm start runs "tilewright serve" with defaults that need nothing: a log called localhost in ./data/log, whose key ./data/log-key.pem is made at the first start and never overwritten. It keeps ./data/trusted_root.json and ./data/signing_config.json in step with the key and the URL.\n\nEvery flag of serve can follow "npm start --" and replaces these defaults.',
  usage: '[flags]   (npm start -- [flags])',
  examples: ['npm start', 'npm start -- --http-port 4000 --grpc-port 4001'],
  args: { min: 0, max: 0 },
  flags: {
    ...serveFlags,
    'storage-dir': { ...serveFlags['storage-dir'], default: `${DATA}/log` },
    'signer-filepath': { ...serveFlags['signer-filepath'], default: `${DATA}/log-key.pem` },
    hostname: { ...serveFlags.hostname, default: 'localhost' },
  },
  refused: otherBackendFlags,
  configurable: true,
  async run({ resolved }, io) {
    const lines = linesFor(resolved.values, io);
    const isDefault = resolved.source('signer-filepath') === 'default';
    if (resolved.problems.length === 0 && isDefault && signerPlace(resolved.values, isDefault) === 'file') {
      makeKey(resolved.values['signer-filepath'], lines);
    }
    const { settings, problems, warnings } = await checkSettings(resolved, io.signal, io.env);
    for (const warning of [...resolved.warnings, ...warnings]) lines.warn(warning);
    if (settings === undefined) throw new CommandError('usage', problems);
    return runServer(settings, io, lines, (facts) => {
      const documents = trustDocuments(settings, lines);
      io.out(banner(facts, settings.values['storage-dir'], DATA, documents));
    });
  },
});

function makeKey(path: string, lines: LogLines): void {
  try {
    if (makeKeyIfAbsent(path)) lines.info('made the key of the log: keep it, a log cannot go on without it', { path });
  } catch (cause) {
    throw new CommandError('refused', `${path} cannot be made: ${(cause as Error).message}`, { cause });
  }
}

/** A log that serves is worth more than its documents: without them it goes on, and says so. */
function trustDocuments(settings: ServeSettings, lines: LogLines): TrustDocuments | undefined {
  try {
    return keepTrustDocuments(DATA, settings);
  } catch (error) {
    lines.warn('trusted root and signing config were not written', { reason: (error as Error).message });
    return undefined;
  }
}
