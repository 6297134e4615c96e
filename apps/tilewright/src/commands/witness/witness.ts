import { type Command, defineCommand } from '../../cli/command.ts';
import { CommandError } from '../../cli/command-error.ts';
import { type LogLines, logLines } from '../../diagnostics/log-lines.ts';
import type { Io } from '../../terminal/io.ts';
import { type WitnessValues, witnessFlags } from './flags.ts';
import { runWitness } from './run-witness.ts';
import { checkWitnessSettings } from './settings.ts';

/** `tilewright witness`. */
export const witness: Command = defineCommand({
  name: 'witness',
  summary: 'Run a witness, which cosigns the checkpoints of logs that only grow',
  description:
    'Runs a small witness (tlog-witness) for a private deployment, or for tests: it remembers of each log the latest checkpoint that it saw, and cosigns a newer one when that continues it. A log that shows different histories to different people cannot have both cosigned.\n\nIt answers POST <prefix>/add-checkpoint, POST <prefix>/sign-subtree when it has an ML-DSA-44 key, GET <prefix>/<lower-case hex SHA-256 of the origin>/checkpoint, GET /healthz and GET /metrics. Of a log that it has not seen it takes any first checkpoint.\n\nA cosignature leaves only after what it says is durable. When the state cannot be written nothing is signed. SIGHUP reads the logs again; SIGTERM or Ctrl-C stops it in order. There is no TLS: put it behind a proxy where others than this machine ask it.',
  usage: '--name <name> --key-file <file> --logs-file <file> --state <file> [flags]',
  examples: [
    'tilewright witness init --name witness.example.com/w1 --key-file ./witness-key.pem --state ./witness.db',
    "echo 'log rekor.example.com+...' > ./logs.txt",
    'tilewright witness --name witness.example.com/w1 --key-file ./witness-key.pem --logs-file ./logs.txt --state ./witness.db',
  ],
  args: { min: 0, max: 0 },
  flags: witnessFlags,
  configurable: true,
  async run({ resolved }, io) {
    const { settings, problems, warnings } = checkWitnessSettings(resolved);
    const lines = linesFor(resolved.values, io);
    for (const warning of [...resolved.warnings, ...warnings]) lines.warn(warning);
    if (settings === undefined) throw new CommandError('usage', problems);
    return runWitness(settings, io, lines);
  },
});

/** Log lines on standard error, as the flags say. */
function linesFor(values: WitnessValues, io: Io): LogLines {
  const format = values['log-format'] ?? (io.stderrIsTerminal ? 'text' : 'json');
  return logLines({
    level: values['log-level'] as 'debug' | 'info' | 'warn' | 'error',
    format: format === 'text' ? 'text' : 'json',
    write: io.err,
    nowMs: Date.now,
  });
}
