import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Contestant } from '../plan/contestants.ts';
import { TESSERA_BINARY } from '../raw/raw-servers.ts';
import { HAMMER_BINARY } from '../raw/tessera-hammer.ts';

/** What the contestants need and this machine does not have, each with how to get it. */
export function missingTools(contestants: readonly Contestant[], reference: string): string[] {
  const missing = new Set<string>();
  const need = (path: string, name: string, help: string): void => {
    if (!existsSync(path)) missing.add(`${name} is missing (${path}): ${help}`);
  };
  for (const { server, load } of contestants) {
    if (server === 'rekor-server-posix') {
      need(reference, 'rekor-server-posix', 'run tools/install, or pass --reference <path of rekor-server-posix>');
    }
    if (server === 'tessera-posix') need(TESSERA_BINARY, "Tessera's POSIX personality", 'run tools/install');
    if (load === 'hammer') need(HAMMER_BINARY, "Tessera's hammer", 'run tools/install');
    if (load === 'wrk' && !isCommand('wrk')) missing.add('wrk is missing. On Debian: apt-get install wrk');
  }
  return [...missing];
}

function isCommand(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
