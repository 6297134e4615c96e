import type { DedupeIndex, SequenceStore } from '@tilewright/log/ports';
import {
  type ContractSubject,
  dedupeIndexContract,
  realClock,
  realEntropy,
  sequenceStoreContract,
} from '@tilewright/log/testing';
import { afterAll, describe, test } from 'vitest';
import {
  NO_SPANNER_EMULATOR,
  type SpannerEmulator,
  skipsWithoutSpannerEmulator,
  startSpannerEmulator,
} from '../testing/spanner-emulator.ts';
import { connectSpanner } from './connect-spanner.ts';
import { spannerDedupe } from './dedupe/spanner-dedupe.ts';
import { initSchema } from './schema/init-schema.ts';
import { spannerSequence } from './sequence/spanner-sequence.ts';
import type { SpannerConnection } from './spanner-connection.ts';

let emulator: Promise<SpannerEmulator> | undefined;
afterAll(async () => (await emulator)?.stop());

const world = { clock: realClock(), entropy: realEntropy() };

/** A fresh database for each case; `reopen` connects anew, as another replica does, while the first stays open. */
function subject<Store>(tablePrefix: string, open: (connection: SpannerConnection) => Store) {
  return async (): Promise<ContractSubject<Store>> => {
    emulator ??= startSpannerEmulator();
    const place = (await emulator).place(tablePrefix);
    const connections: SpannerConnection[] = [];
    const connect = async (): Promise<SpannerConnection> => {
      const connection = await connectSpanner(place, world);
      connections.push(connection);
      return connection;
    };
    const first = await connect();
    await initSchema(first, { create: true });
    return {
      store: open(first),
      reopen: async () => open(await connect()),
      dispose: async () => void (await Promise.all(connections.map((connection) => connection.close()))),
    };
  };
}

const sequence = (connection: SpannerConnection): SequenceStore =>
  spannerSequence(connection, { pollMs: 20, ...world });
const dedupe = (connection: SpannerConnection): DedupeIndex => spannerDedupe(connection);

describe.skipIf(skipsWithoutSpannerEmulator())(`on the emulator (where it is missing: ${NO_SPANNER_EMULATOR})`, () => {
  describe.each(['', 'Log_2026_'])('with the table prefix %j', (prefix) => {
    sequenceStoreContract(test, subject(prefix, sequence));
    dedupeIndexContract(test, subject(prefix, dedupe));
  });
});
