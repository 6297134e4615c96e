import { readFileSync } from 'node:fs';
import type { Cosigner } from '@tilewright/core/cosignature';
import { isKeyName } from '@tilewright/core/note';
import { isPrefix, type KnownLogs, readKnownLogs, WitnessError } from '@tilewright/witness/server';
import { readableFileProblem } from '../../files/readable-file.ts';
import type { ResolvedFlags } from '../../flags/resolve-flags.ts';
import type { Findings } from '../../serve/config/findings.ts';
import type { WitnessValues, witnessFlags } from './flags.ts';
import { loadCosigners } from './key-files.ts';

/** The checked configuration of a witness. */
export interface WitnessSettings {
  readonly values: WitnessValues;
  /** Without a last slash. */
  readonly prefix: string;
  readonly cosigners: readonly Cosigner[];
  readonly logs: KnownLogs;
}

/** Checks what no single flag shows. Without settings there is at least one problem. */
export function checkWitnessSettings(
  resolved: ResolvedFlags<typeof witnessFlags>,
): Findings & { settings?: WitnessSettings } {
  const { values, usable } = resolved;
  const found: Findings = { problems: [...resolved.problems], warnings: [] };
  const prefix = (values['url-prefix'] ?? '').replace(/\/$/, '');
  if (!isPrefix(prefix)) found.problems.push('--url-prefix is a path of letters, digits and -._~, such as /w1');
  const isName = values.name === undefined || isKeyName(values.name);
  if (!isName) found.problems.push('--name: the name of a witness must not hold white space or "+"');
  const cosigners =
    isName && usable('key-file')
      ? loadCosigners(
          { files: values['key-file'], passwordFile: values['key-password-file'], name: values.name },
          found,
        )
      : undefined;
  const logs = usable('logs-file') ? loadLogs(values['logs-file'], cosigners ?? [], found) : undefined;
  if (logs?.size === 0) found.warnings.push(`--logs-file: ${values['logs-file']} names no log: nothing is cosigned`);
  if (cosigners === undefined || logs === undefined || found.problems.length > 0) return found;
  return { ...found, settings: { values, prefix, cosigners, logs } };
}

/** The known logs, as `--logs-file` has them now; `undefined` and a problem when it cannot be understood. */
export function loadLogs(file: string, cosigners: readonly Cosigner[], found: Findings): KnownLogs | undefined {
  const unreadable = readableFileProblem('--logs-file', file);
  if (unreadable !== undefined) {
    found.problems.push(unreadable);
    return undefined;
  }
  try {
    return readKnownLogs(readFileSync(file), cosigners);
  } catch (error) {
    if (!(error instanceof WitnessError)) throw error;
    found.problems.push(`--logs-file: ${file}: ${error.message}`);
    return undefined;
  }
}
