import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';

/** How a command ended. */
export interface RunResult {
  readonly code: number | null;
  /** stdout and stderr, interleaved as they came. */
  readonly output: string;
}

/** Runs a command to its end, `searchFirst` ahead of everything on PATH; never throws for a non-zero exit. */
export function run(command: string, args: readonly string[], cwd: string, searchFirst?: string): Promise<RunResult> {
  const path = process.env.PATH ?? '';
  const env = { ...process.env, PATH: searchFirst === undefined ? path : `${searchFirst}${delimiter}${path}` };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (data: Buffer): void => {
      output += data.toString('utf8');
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
