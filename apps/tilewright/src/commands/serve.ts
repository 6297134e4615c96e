import { type Command, defineCommand } from '../cli/command.ts';
import { CommandError } from '../cli/command-error.ts';
import { type LogLines, logLines } from '../diagnostics/log-lines.ts';
import { otherBackendFlags } from '../serve/config/other-backends.ts';
import { checkSettings, type ServeValues, serveFlags } from '../serve/config/settings.ts';
import { runServer } from '../serve/run-server.ts';
import type { Io } from '../terminal/io.ts';

/** `tilewright serve`. */
export const serve: Command = defineCommand({
  name: 'serve',
  summary: 'Run a Rekor v2 log on this machine',
  description:
    'Runs a Rekor v2 transparency log on one machine, with no other service: Sigstore clients submit signatures over HTTP or gRPC, and read the checkpoint, tiles and entries over HTTP. An entry is answered once a published checkpoint covers it.\n\nAn empty storage directory becomes a new log; an existing one goes on after its last state was recovered. SIGTERM or Ctrl-C stops it in order; a second one stops it at once. Every flag of rekor-server-posix is accepted.',
  usage: '--storage-dir <directory> --signer-filepath <key file> --hostname <origin> [flags]',
  examples: [
    'openssl genpkey -algorithm ed25519 -out log-key.pem',
    'tilewright serve --storage-dir ./log --signer-filepath ./log-key.pem --hostname rekor.example.com',
  ],
  args: { min: 0, max: 0 },
  flags: serveFlags,
  refused: otherBackendFlags,
  configurable: true,
  async run({ resolved }, io) {
    const { settings, problems, warnings } = await checkSettings(resolved, io.signal, io.env);
    const lines = linesFor(resolved.values, io);
    for (const warning of [...resolved.warnings, ...warnings]) lines.warn(warning);
    if (settings === undefined) throw new CommandError('usage', problems);
    return runServer(settings, io, lines, () => undefined);
  },
});

/** Log lines on standard error, as the flags say. */
export function linesFor(values: ServeValues, io: Io): LogLines {
  const format = values['log-format'] ?? (io.stderrIsTerminal ? 'text' : 'json');
  return logLines({
    level: values['log-level'] as 'debug' | 'info' | 'warn' | 'error',
    format: format === 'text' ? 'text' : 'json',
    write: io.err,
    nowMs: Date.now,
  });
}
