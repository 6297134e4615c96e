import { SignerError, type SignerErrorCode } from '@tilewright/signer';
import { CommandError, type CommandErrorCode } from '../../../cli/command-error.ts';
import type { Io } from '../../../terminal/io.ts';

/** What is wrong with the command line or the machine, and not with a keyset or a service. */
const CODES: Readonly<Partial<Record<SignerErrorCode, CommandErrorCode>>> = {
  'bad-uri': 'usage',
  'bad-origin': 'usage',
  'bad-kek': 'refused',
  'kms-missing': 'refused',
};

/** Runs what a command does with a keyset; what is wrong with keys becomes lines and an exit status. */
export async function keysetWork<T>(io: Io, path: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SignerError)) {
      if (!io.signal.aborted || error instanceof CommandError) throw error;
      throw new CommandError('failed', 'interrupted while a key management service was asked', { cause: error });
    }
    const code = CODES[error.code] ?? 'failed';
    const place = path === undefined || code !== 'failed' ? '' : `${path}: `;
    throw new CommandError(code, `${place}${error.message}`, { cause: error });
  }
}
