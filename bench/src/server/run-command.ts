import { spawn } from 'node:child_process';

/** How a command ended; its output, stdout and stderr in order of arrival, is kept to the last 64 KiB. */
export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command to its end. `onOutput` sees the output as it comes. */
export function runCommand(
  argv: readonly [string, ...string[]],
  onOutput: (text: string) => void = () => {},
): Promise<CommandResult> {
  const [file, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (data: Buffer): void => {
      const text = data.toString('utf8');
      output = (output + text).slice(-65_536);
      onOutput(text);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
