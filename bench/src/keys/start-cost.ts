import { join } from 'node:path';
import { median } from '../load/percentile.ts';
import { ourServer } from '../server/commands.ts';
import { startServer } from '../server/server-process.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import { tilewright } from './witness-processes.ts';

/** Milliseconds from the start of `serve` until it is ready, median of all. */
export interface StartCost {
  readonly keyFileMs: number;
  readonly keysetMs: number;
}

/** Starts the server in turns with a plain key file, and with a keyset that a local key encrypts. */
export async function startCost(workspace: WorkspaceDir, rounds: number): Promise<StartCost> {
  const [kek, keyset] = [join(workspace.path, 'kek'), join(workspace.path, 'keyset.json')];
  const uri = `file-kek://${kek}`;
  tilewright(['keyset', 'new-kek', '--out', kek]);
  tilewright(['keyset', 'create', '--origin', 'localhost', '--key-encryption-key-uri', uri, '--out', keyset]);
  const withKeyset = [`--signer-tink-keyset-path=${keyset}`, `--signer-tink-kek-uri=${uri}`];
  const times: { readonly keyFile: number[]; readonly keyset: number[] } = { keyFile: [], keyset: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const kind of ['keyFile', 'keyset'] as const) {
      const place = await workspace.place(kind);
      const plain = ourServer(place);
      const argv = kind === 'keyset' ? plain.argv.filter((word) => !word.startsWith('--signer-filepath')) : plain.argv;
      const [program = process.execPath, ...words] = argv;
      const command = { ...plain, argv: [program, ...words, ...(kind === 'keyset' ? withKeyset : [])] as const };
      const begun = performance.now();
      const server = await startServer(command);
      // The first start makes the log, and reads the program for the first time.
      if (round > 0) times[kind].push(performance.now() - begun);
      await server.stop();
    }
  }
  return { keyFileMs: median(times.keyFile), keysetMs: median(times.keyset) };
}
