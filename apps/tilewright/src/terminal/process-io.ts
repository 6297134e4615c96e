import { writeSync } from 'node:fs';
import type { Io } from './io.ts';

/** The real process as an {@link Io}. Interrupts are the caller's: it hands in the signal that they fire. */
export function processIo(signal: AbortSignal): Io {
  return {
    out: (line) => write(1, `${line}\n`),
    err: (line) => write(2, `${line}\n`),
    progress: (text) => write(2, text),
    stderrIsTerminal: process.stderr.isTTY === true,
    env: process.env,
    signal,
    onHangup: (listener) => void process.on('SIGHUP', listener),
  };
}

/** Writes synchronously, so that nothing is lost when the process ends; a reader that went away is not an error. */
function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EPIPE') return;
      // A pipe in non-blocking mode whose reader is slow: wait a moment, there is nothing else to do.
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
