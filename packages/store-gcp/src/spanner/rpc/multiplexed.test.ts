import type { v1 } from '@google-cloud/spanner';
import { realClock, realEntropy } from '@tilewright/log/testing';
import { expect, test } from 'vitest';
import { intCell } from './cells.ts';
import { SpannerCalls } from './spanner-calls.ts';
import { transact } from './transact.ts';

/**
 * The emulator knows no multiplexed sessions: this speaks their part of the protocol, as the comments of
 * google.spanner.v1 have it, and keeps what it is asked.
 */
class MultiplexedSpanner {
  readonly asked: { method: string; request: Record<string, unknown> }[] = [];
  aborts = 0;
  #transactions = 0;
  #commits = 0;

  get client(): v1.SpannerClient {
    return this as unknown as v1.SpannerClient;
  }

  async createSession(request: object): Promise<unknown[]> {
    this.asked.push({ method: 'createSession', request: { ...request } });
    return [{ name: 's', multiplexed: true }];
  }

  async read(request: object): Promise<unknown[]> {
    this.asked.push({ method: 'read', request: { ...request } });
    this.#transactions += 1;
    const precommitToken = { precommitToken: Uint8Array.of(1), seqNum: 1 };
    return [{ rows: [], metadata: { transaction: { id: Uint8Array.of(this.#transactions) } }, precommitToken }];
  }

  async commit(request: object): Promise<unknown[]> {
    this.asked.push({ method: 'commit', request: { ...request } });
    if (this.aborts > 0) {
      this.aborts -= 1;
      throw Object.assign(new Error('aborted'), { code: 10 });
    }
    this.#commits += 1;
    // The first one is not a commit yet: it wants to be sent again.
    if (this.#commits === 1) return [{ precommitToken: { precommitToken: Uint8Array.of(2), seqNum: 2 } }];
    return [{ commitTimestamp: { seconds: '5', nanos: 0 } }];
  }
}

const spec = { table: 'Coord', columns: ['size'], keys: { all: true } };
const mutations = [{ update: { table: 'Coord', columns: ['size'], values: [{ values: [intCell(1)] }] } }];

function run(spanner: MultiplexedSpanner): Promise<string> {
  const signal = new AbortController().signal;
  const calls = new SpannerCalls(spanner.client, { database: 'd', timeoutMs: 100, multiplexed: true, signal });
  const how = { clock: realClock(), entropy: realEntropy(), signal, committed: () => undefined };
  const decide = () => ({ mutations, done: (ms: number) => `committed at ${ms}` });
  return transact(calls, spec, decide, { ...how, oneByOne: (write) => write() });
}

test('a commit carries the token of its transaction, and is sent again with the next one until it is one', async () => {
  const spanner = new MultiplexedSpanner();
  expect(await run(spanner)).toBe('committed at 5000');
  const commits = spanner.asked.filter(({ method }) => method === 'commit').map(({ request }) => request);
  expect(commits).toMatchObject([
    { transactionId: Uint8Array.of(1), mutations, precommitToken: { seqNum: 1 } },
    { transactionId: Uint8Array.of(1), mutations, precommitToken: { seqNum: 2 } },
  ]);
  expect(spanner.asked[0]).toMatchObject({ method: 'createSession', request: { session: { multiplexed: true } } });
});

test('an attempt after ABORTED says which one it repeats', async () => {
  const spanner = new MultiplexedSpanner();
  spanner.aborts = 2;
  await run(spanner);
  const begins = spanner.asked.filter(({ method }) => method === 'read').map(({ request }) => request.transaction);
  expect(begins).toEqual([
    { begin: { readWrite: {} } },
    { begin: { readWrite: { multiplexedSessionPreviousTransactionId: Uint8Array.of(1) } } },
    { begin: { readWrite: { multiplexedSessionPreviousTransactionId: Uint8Array.of(2) } } },
  ]);
});
