import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogEvents } from '@tilewright/log/ports';
import { realClock } from '@tilewright/log/testing';
import { loadSignerFile, noteVerifierOf } from '@tilewright/signer';
import { fetchTransport, readWitnessPolicy, WitnessGroup } from '@tilewright/witness';
import { entryMaker, openBenchLog } from '../engine/open-bench-log.ts';
import { median } from '../load/percentile.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import { startWitnesses } from './witness-processes.ts';

const ORIGIN = 'keys.bench';
const INTERVAL_MS = 50;
const WITNESSES = 3;

/** Milliseconds of a publication, from its begin to its end, median of all. */
export interface PublicationCost {
  readonly aloneMs: number;
  readonly witnessedMs: number;
}

/** Publishes checkpoints on a disk in turns, without witnesses and with three that run as processes of their own. */
export async function publicationCost(
  workspace: WorkspaceDir,
  rounds: number,
  entries: number,
): Promise<PublicationCost> {
  const folder = join(workspace.path, 'witnessed');
  await mkdir(folder, { recursive: true });
  const key = loadSignerFile(workspace.keyPem, ORIGIN);
  const witnesses = await startWitnesses(WITNESSES, folder, key.vkey);
  const policy = readWitnessPolicy(Buffer.from(witnesses.policy));
  const group = new WitnessGroup({
    origin: ORIGIN,
    logVerifier: key.verifier,
    policy,
    verifierOf: noteVerifierOf,
    failClosed: true,
    collect: 'all',
    timeoutMs: 2_000,
    transport: fetchTransport('tilewright-bench'),
    clock: realClock(),
    observe: () => {},
  });
  // One log after the other on one directory: witnesses know it by its origin.
  const directory = join(folder, 'log');
  const make = entryMaker(1024, 0);
  const times: { readonly alone: number[]; readonly witnessed: number[] } = { alone: [], witnessed: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const kind of ['alone', 'witnessed'] as const) {
        const events: LogEvents = {
          emit: (event) => {
            if (event.type === 'published') times[kind].push(event.ms);
          },
        };
        const place = { store: 'posix', directory, keyPem: workspace.keyPem, origin: ORIGIN } as const;
        const asked = kind === 'witnessed' ? group : undefined;
        const log = await openBenchLog(place, { publishIntervalMs: INTERVAL_MS }, { events, witnesses: asked });
        for (let i = 0; i < entries; i++) await log.add(make());
        await log.close({ timeoutMs: 10_000 });
      }
    }
  } finally {
    await witnesses.stop();
  }
  return { aloneMs: median(times.alone), witnessedMs: median(times.witnessed) };
}
