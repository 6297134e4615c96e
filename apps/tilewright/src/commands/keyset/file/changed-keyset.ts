import { rmSync } from 'node:fs';
import { CommandError } from '../../../cli/command-error.ts';
import { replaceFile } from '../../../files/replace-file.ts';
import { type NewFile, requireAbsent, writeNewFiles } from '../../../files/write-new.ts';
import type { FlagValues } from '../../../flags/flag-table.ts';
import { backupName } from './keyset-file.ts';

/** The flags that say where a changed keyset goes. */
export const changedFlags = {
  out: {
    type: 'string',
    placeholder: 'FILE',
    help: 'Where to write the changed keyset (mode 0600); the old one stays.',
  },
  'in-place': {
    type: 'bool',
    default: false,
    help: 'Put the changed keyset in the place of the old one, which stays beside it as <file>.<time>.bak. Instead of --out.',
  },
} as const;

/** Refuses a command line that would fail when all is done. @throws CommandError */
export function requirePlace(values: FlagValues<typeof changedFlags>, others: readonly string[] = []): void {
  if ((values.out === undefined) === !values['in-place']) {
    throw new CommandError('usage', 'where to write it? Give either --out or --in-place');
  }
  requireAbsent([...(values.out === undefined ? [] : [values.out]), ...others]);
}

/** Where a changed keyset went. */
export interface ChangedKeyset {
  readonly keyset: string;
  /** Where the old one is, if its place was taken. */
  readonly backup: string | null;
}

/** Writes a changed keyset, and files that go with it. @throws CommandError */
export function writeChanged(
  path: string,
  content: Uint8Array,
  values: FlagValues<typeof changedFlags>,
  { others = [], keepBackup = true }: { readonly others?: readonly NewFile[]; readonly keepBackup?: boolean },
): ChangedKeyset {
  const { out } = values;
  if (out !== undefined) {
    writeNewFiles([{ path: out, content, mode: 0o600 }, ...others]);
    return { keyset: out, backup: null };
  }
  const backup = keepBackup ? backupName(path, new Date()) : null;
  writeNewFiles(others);
  try {
    replaceFile(path, content, backup ?? undefined);
  } catch (error) {
    for (const other of others) rmSync(other.path, { force: true });
    throw error;
  }
  return { keyset: path, backup };
}
