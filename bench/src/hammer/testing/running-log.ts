import { type LogKey, loadSignerFile } from '@tilewright/signer';
import { ourServer } from '../../server/commands.ts';
import { startServer } from '../../server/server-process.ts';
import { makeWorkspaceDir } from '../../server/workspace-dir.ts';
import type { HammerOptions } from '../options.ts';
import type { KindName } from '../target/log-kind.ts';

/** A real log in a process of its own. */
export interface RunningLog {
  readonly url: string;
  readonly key: LogKey;
  /** Serves the same log, but takes nothing, on another port. Returns its URL. */
  serveReadOnly(): Promise<string>;
  /** Ends its servers and removes it. */
  stop(): Promise<void>;
}

/** Starts `tilewright serve` on a fresh log. */
export async function startLog(kind: KindName): Promise<RunningLog> {
  const workspace = await makeWorkspaceDir();
  const personality = `--personality=${kind}`;
  const place = await workspace.place('log');
  const servers = [await startServer(ourServer(place, [personality]))];
  return {
    url: `http://127.0.0.1:${place.ports.http}`,
    key: loadSignerFile(workspace.keyPem, place.origin),
    serveReadOnly: async () => {
      const { ports } = await workspace.place('none');
      servers.push(await startServer(ourServer({ ...place, ports }, [personality, '--read-only'])));
      return `http://127.0.0.1:${ports.http}`;
    },
    stop: async () => {
      for (const server of servers) await server.stop();
      await workspace.remove();
    },
  };
}

/** A small run. */
export function smallRun(url: string, more: Partial<HammerOptions> = {}): HammerOptions {
  return {
    url,
    readUrl: undefined,
    kind: undefined,
    writers: 8,
    randomReaders: 1,
    fullReaders: 1,
    writeRate: undefined,
    readRate: 200,
    leafSize: 200,
    duplicateChance: 0,
    goal: 400,
    maxRuntimeMs: 20_000,
    settleMs: 10_000,
    isOwned: false,
    ...more,
  };
}

/** Nobody watches. */
export const UNWATCHED = { say: (): void => {}, watch: (): void => {} } as const;
