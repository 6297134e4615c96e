import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/tilewright.mjs', import.meta.url));

/** A real `tilewright` process. */
export class TilewrightProcess {
  readonly child: ChildProcess;
  out = '';
  err = '';
  /** Resolves with the exit status, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;

  constructor(
    argv: readonly string[],
    options: { readonly script?: string; readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ) {
    this.child = spawn(process.execPath, [options.script ?? BIN, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
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
