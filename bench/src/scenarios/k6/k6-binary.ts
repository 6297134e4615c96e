import { existsSync } from 'node:fs';
import { Refused } from '../../hammer/refused.ts';
import { REPOSITORY } from '../../server/commands.ts';

/** Where tools/install puts k6. */
export const K6_BINARY: string = `${REPOSITORY}.tools/bin/k6`;

/** @throws Refused saying how to get k6 */
export function requireK6(binary: string = K6_BINARY): void {
  if (!existsSync(binary)) throw new Refused('k6 is missing: run tools/install --only k6');
}
