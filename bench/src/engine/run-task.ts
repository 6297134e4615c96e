import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onExit } from '../cli/exit-cleanup.ts';
import type { EngineTask } from './engine-worker.ts';

const WORKER = fileURLToPath(new URL('./engine-worker.ts', import.meta.url));
/** As `npm start` and the packed command run. */
const NODE_FLAGS = ['--max-semi-space-size=16'];

/** Runs a task in a process of its own; what it printed, parsed. Throws with its words when it fails. */
export function runTask<T>(task: EngineTask, say: (line: string) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...NODE_FLAGS, WORKER, JSON.stringify(task)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const forget = onExit(() => child.kill('SIGKILL'));
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      err = (err + text).slice(-8192);
      say(text);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      forget();
      if (code === 0) resolve(JSON.parse(out) as T);
      else reject(new Error(`${task.do} ended with ${code}:\n${err}`));
    });
  });
}
