import { type DevServices, makeEmptyDatabase, startDevServices } from '@tilewright/store-gcp/testing';

/** A Spanner emulator and a storage server of one's own, both new, with room for one log of either server. */
export interface Services {
  /** What a server needs to find them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly bucket: string;
  /** Of ours, with our tables. */
  readonly database: string;
  /** Of rekor-server-gcp, without tables: it makes them, but not the databases. */
  readonly peerDatabase: string;
  /** Of the emulator and of the storage server. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

const PEER = { project: 'tilewright', instance: 'dev', tablePrefix: '' } as const;
const PEER_DATABASE = 'peer';

/** Starts both, with everything kept in memory. Throws a sentence that says which program is missing. */
export async function startServices(): Promise<Services> {
  const started = await startDevServices();
  try {
    const emulator = started.environment.SPANNER_EMULATOR_HOST ?? '';
    // The server deduplicates in a database of this name beside its own.
    for (const database of [PEER_DATABASE, `${PEER_DATABASE}-antispam`]) {
      await makeEmptyDatabase({ ...PEER, database, emulator });
    }
    return {
      environment: started.environment,
      bucket: flagOf(started, '--gcp-bucket'),
      database: flagOf(started, '--gcp-spanner'),
      peerDatabase: `projects/${PEER.project}/instances/${PEER.instance}/databases/${PEER_DATABASE}`,
      pids: started.pids,
      stop: () => started.stop(),
    };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

function flagOf({ flags }: DevServices, name: string): string {
  const value = flags[flags.indexOf(name) + 1];
  if (!flags.includes(name) || value === undefined) throw new Error(`the services do not say their ${name}`);
  return value;
}
