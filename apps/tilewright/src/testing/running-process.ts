import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/tilewright.mjs', import.meta.url));

/** What to run, and where. */
export interface RunningProcessOptions {
  /** A script for this Node, instead of the `tilewright` command. */
  readonly script?: string;
  /** Another program altogether. */
  readonly program?: string;
  readonly cwd?: string;
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A real process of `tilewright`, or of another program; killed when the test ends. */
export class RunningProcess {
  readonly child: ChildProcess;
  out = '';
  err = '';
  /** Resolves with the exit status, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;

  constructor(argv: readonly string[], { script = BIN, program, cwd, env }: RunningProcessOptions = {}) {
    this.child = spawn(program ?? process.execPath, program === undefined ? [script, ...argv] : argv, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd,
      env: { ...process.env, ...env },
    });
    this.child.stdout?.on('data', (chunk) => {
      this.out += String(chunk);
    });
    this.child.stderr?.on('data', (chunk) => {
      this.err += String(chunk);
    });
    this.ended = new Promise((resolve) =>
      this.child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown')),
    );
    onTestFinished(async () => {
      this.child.kill('SIGKILL');
      await this.ended;
    });
  }

  /** Waits until `url` answers 200, or fails with what the process wrote. */
  async ready(url: string): Promise<void> {
    const dead = this.ended.then((status) => {
      throw new Error(`ended with ${status}: ${this.err}`);
    });
    const answers = async (): Promise<void> => {
      for (let i = 0; i < 400; i++) {
        const response = await fetch(url).catch(() => undefined);
        if (response?.status === 200) return;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`${url} did not answer: ${this.err}`);
    };
    await Promise.race([answers(), dead]);
  }
}
