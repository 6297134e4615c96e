import { CommandError } from '../cli/command-error.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { Io } from '../terminal/io.ts';

/** Writes a document to the file that `--out` names, or to standard output. */
export function writeDocument(text: string, out: string | undefined, io: Io): void {
  if (out === undefined) {
    io.out(text.trimEnd());
    return;
  }
  try {
    writeWhole(out, text);
  } catch (error) {
    throw new CommandError('failed', `${out} cannot be written: ${(error as Error).message}`, { cause: error });
  }
  io.err(`wrote ${out}`);
}
