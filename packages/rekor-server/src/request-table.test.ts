import { fromBinary } from '@bufbuild/protobuf';
import { checkLog } from '@tilewright/log/testing';
import { type Expectation, type RequestRow, requestRows } from '@tilewright/rekor-entry/testing';
import { TransparencyLogEntrySchema } from '@tilewright/rekor-proto';
import { afterEach, expect, test } from 'vitest';
import { answerJson } from '../testing/answer-json.ts';
import { framed, rawGrpc, rekorMethod } from '../testing/raw-grpc.ts';
import { type TestServer, testServer } from '../testing/test-server.ts';

const rows: readonly RequestRow[] = requestRows();
let server: TestServer;
afterEach(() => server.close());

interface Seen {
  readonly status: number;
  readonly message: string | undefined;
  /** The leaf of a created entry, base64. */
  readonly body: string | undefined;
}

async function overHttp(json: Uint8Array): Promise<Seen> {
  const response = await fetch(`${server.url}/api/v2/log/entries`, { method: 'POST', body: new Uint8Array(json) });
  const answer = await answerJson(response);
  return { status: response.status, message: answer.message, body: answer.canonicalizedBody };
}

async function overGrpc(wire: Uint8Array): Promise<Seen> {
  const answer = await rawGrpc(server.server.ports.grpc, rekorMethod('CreateEntry'), framed(wire));
  const entry = answer.status === 0 ? fromBinary(TransparencyLogEntrySchema, answer.data.subarray(5)) : undefined;
  const body = entry && Buffer.from(entry.canonicalizedBody).toString('base64');
  return { status: answer.status ?? -1, message: answer.message || undefined, body };
}

function check(name: string, seen: Seen, status: number, expected: Expectation): void {
  expect(seen.status, name).toBe(status);
  if (expected.message === undefined) {
    if (expected.body === undefined) expect(seen.message, name).toBeTruthy();
    else expect(seen.body, name).toBe(Buffer.from(expected.body).toString('base64'));
  } else {
    expect(seen.message, name).toBe(expected.message);
  }
}

/** Sends every row that has the form, ten at a time. Rows that were accepted over the other transport are duplicates. */
async function send(transport: 'http' | 'grpc', expectationOf: (row: RequestRow) => Expectation): Promise<number> {
  let sent = 0;
  const todo = rows.filter((row) => expectationOf(row)[transport] !== undefined);
  for (let at = 0; at < todo.length; at += 10) {
    await Promise.all(
      todo.slice(at, at + 10).map(async (row) => {
        const expected = expectationOf(row);
        const seen =
          transport === 'http'
            ? await overHttp(row.json ?? new Uint8Array())
            : await overGrpc(row.wire ?? new Uint8Array());
        check(`${transport}: ${row.name}`, seen, expected[transport] ?? -1, expected);
        sent += 1;
      }),
    );
  }
  return sent;
}

test.each([
  ['http', false],
  ['grpc', false],
  ['http', true],
  ['grpc', true],
] as const)(
  'every request of the table over %s, taking dsse entries: %s',
  async (transport, acceptDsse) => {
    server = await testServer({ rules: { acceptDsse } });
    const sent = await send(transport, (row) => (acceptDsse ? row.expectWithDsse : row.expect));
    expect(sent).toBeGreaterThan(transport === 'http' ? 250 : 150);
    const accepted = rows.filter((row) => {
      const expected = acceptDsse ? row.expectWithDsse : row.expect;
      return expected[transport] === (transport === 'http' ? 201 : 0);
    });
    expect(server.log.published().tree.size).toBe(accepted.length);
    const text = server.metrics.registry.text();
    expect(text).toContain('\nrekor_v2_grpc_req_panics_recovered_total 0\n');
    expect(text).toContain('\npromhttp_metric_handler_requests_in_flight 0\n');
    const { objects, checkpoints } = server.store;
    const { origin, verifier } = server.key;
    const checked = await checkLog({ objects, checkpoints, origin, verifier });
    expect(checked.size).toBe(accepted.length);
  },
  30_000,
);
