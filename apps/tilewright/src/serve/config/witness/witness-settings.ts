import { readFileSync } from 'node:fs';
import { readWitnessPolicy, WitnessError, type WitnessPolicy } from '@tilewright/witness';
import { readableFileProblem } from '../../../files/readable-file.ts';
import type { FlagValues } from '../../../flags/flag-table.ts';
import type { Findings } from '../findings.ts';
import type { witnessFlags } from './witness-flags.ts';

/** Whom the log asks for cosignatures, and how. */
export interface WitnessSettings {
  readonly policy: WitnessPolicy;
  readonly failClosed: boolean;
  readonly timeoutMs: number;
  readonly collect: 'quorum' | 'all';
}

/** Reads the policy, where there is one; `undefined` also when it cannot be used, which is a problem. */
export function witnessSettings(
  values: FlagValues<typeof witnessFlags>,
  origin: string,
  found: Findings,
): WitnessSettings | undefined {
  const path = values['witness-policy-path'];
  if (path === undefined) return undefined;
  const unreadable = readableFileProblem('--witness-policy-path', path);
  if (unreadable !== undefined) {
    found.problems.push(unreadable);
    return undefined;
  }
  try {
    const policy = readWitnessPolicy(readFileSync(path));
    if (policy.logs.length > 0 && !policy.logs.some(({ key }) => key.name === origin)) {
      found.warnings.push(`--witness-policy-path: the log lines of ${path} name other logs than ${origin}`);
    }
    const collect = values['witness-collect'] === 'all' ? 'all' : 'quorum';
    return { policy, failClosed: !values['witness-fail-open'], timeoutMs: values['witness-timeout'], collect };
  } catch (error) {
    if (!(error instanceof WitnessError)) throw error;
    found.problems.push(`--witness-policy-path: ${path}: ${error.message}`);
    return undefined;
  }
}
