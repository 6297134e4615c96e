import type { ServiceInput, ServiceSelection } from '@tilewright/trust';
import { CommandError } from '../cli/command-error.ts';
import { parseServiceSpec, specPeriod } from './service-spec.ts';

/** Reads one service flag of `signing-config create`. */
export function parseServiceInput(flag: string, text: string): ServiceInput {
  const spec = parseServiceSpec(flag, text, ['url', 'api-version', 'start-time', 'operator'], ['end-time']);
  const version = spec.get('api-version') ?? '';
  if (!/^[1-9]\d{0,3}$/.test(version)) throw new CommandError('usage', `--${flag}: api-version= must be a number`);
  return {
    url: spec.get('url') ?? '',
    majorApiVersion: Number(version),
    validFor: specPeriod(spec),
    operator: spec.get('operator') ?? '',
  };
}

/** Reads `ANY`, `ALL` or `EXACT:n`. */
export function parseSelection(flag: string, text: string): ServiceSelection {
  if (text === 'ANY' || text === 'ALL') return { selector: text };
  const count = /^EXACT:([1-9]\d{0,8})$/.exec(text)?.[1];
  if (count === undefined) throw new CommandError('usage', `--${flag} must be ANY, ALL or EXACT:n`);
  return { selector: 'EXACT', count: Number(count) };
}
