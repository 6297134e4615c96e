import { LogError, type LogErrorCode } from '@tilewright/log';
import { PERMITTED_ALGORITHMS, prepareEntry } from '@tilewright/rekor-entry';
import { expect, test } from 'vitest';
import { recordingLog } from '../../testing/test-server.ts';
import { writeRequest } from '../../testing/write-request.ts';
import { createServerMetrics } from '../metrics/server-metrics.ts';
import { FROM_LOG_ERROR, STATUS } from '../status.ts';
import { type Call, type EntryLog, EntryService, type ServiceDeps } from './create-entry.ts';
import { PrepareError } from './entry-preparer.ts';

const RULES = { algorithms: PERMITTED_ALGORITHMS, acceptDsse: false };
const request = () => ({ kind: 'json', body: new TextEncoder().encode(writeRequest().json) }) as const;
const never = new AbortController().signal;
const call = (signal: AbortSignal = never): Call => ({ signal, traceId: () => 'trace' });

/** A log that answers every entry with `add`, and counts how many requests it was told to expect. */
function logThat(add: EntryLog['add']): { readonly log: EntryLog; expected(): number } {
  let expected = 0;
  const log: EntryLog = {
    expect: () => {
      expected += 1;
      let isOpen = true;
      return {
        cancel: () => {
          if (isOpen) expected -= 1;
          isOpen = false;
        },
      };
    },
    add,
    prove: () => Promise.reject(new LogError('corrupt', 'no such tile')),
  };
  return { log, expected: () => expected };
}

function serviceOf(changes: Partial<ServiceDeps>) {
  const recording = recordingLog();
  const metrics = createServerMetrics({ version: 'v', revision: 'r', buildDate: 'd' });
  const service = new EntryService({
    log: undefined,
    preparer: { unready: undefined, prepare: async (wanted) => prepareEntry(wanted, RULES, () => true) },
    onDuplicate: 'reject',
    metrics,
    serverLog: recording.log,
    ...changes,
  });
  return { service, metrics, lines: recording.lines };
}

const codes = Object.keys(FROM_LOG_ERROR) as LogErrorCode[];

test.each(codes)('an engine that fails with %s has its row, and a line in the log', async (code) => {
  const { log, expected } = logThat(() => Promise.reject(new LogError(code, 'the sentence', { retryAfterMs: 2500 })));
  const { service, lines } = serviceOf({ log });
  const outcome = await service.createEntry(request(), call());
  if (outcome.ok) throw new Error('it was created');
  const status = STATUS[outcome.code];
  expect(outcome.code).toBe(FROM_LOG_ERROR[code]);
  expect(outcome.message).toBe(status.message);
  expect(outcome.retryAfterMs).toBe(status.http === 503 ? 2500 : undefined);
  expect(expected()).toBe(0);
  if (code === 'aborted') return;
  expect(lines).toEqual([
    {
      level: status.http === 500 ? 'error' : 'warn',
      message: 'entry not logged',
      attributes: { code, error: 'the sentence', trace: 'trace' },
    },
  ]);
});

test('the statuses are those of rekor-tiles', () => {
  const rows = Object.entries(STATUS).map(([code, { http, grpc }]) => [code, http, grpc]);
  expect(rows).toEqual([
    ['invalid-request', 400, 3],
    ['undecodable-message', 500, 13],
    ['frozen', 405, 12],
    ['duplicate', 409, 6],
    ['overloaded', 503, 14],
    ['storage-full', 503, 14],
    ['closing', 503, 14],
    ['entry-too-large', 500, 2],
    ['canceled', 499, 1],
    ['deadline-exceeded', 504, 4],
    ['outcome-unknown', 503, 14],
    ['not-integrated', 500, 2],
    ['internal', 500, 13],
  ]);
});

test.each(['deadline-exceeded', 'canceled'] as const)('a call that is over (%s) adds nothing', async (reason) => {
  let added = 0;
  const { log, expected } = logThat(() => {
    added += 1;
    return new Promise(() => undefined);
  });
  const { service } = serviceOf({ log });
  expect(await service.createEntry(request(), call(AbortSignal.abort(reason)))).toMatchObject({ code: reason });
  expect([added, expected()]).toEqual([0, 0]);
});

test('an entry that no bundle can hold is refused before the engine sees it', async () => {
  const { log } = logThat(() => Promise.reject(new Error('it was added')));
  const body = new Uint8Array(65_536);
  const prepared = prepareEntry(request(), RULES, () => true);
  if (!prepared.ok) throw new Error('the request is bad');
  const { service, lines } = serviceOf({
    log,
    preparer: { unready: undefined, prepare: async () => ({ ...prepared, body }) },
  });
  expect(await service.createEntry(request(), call())).toMatchObject({ code: 'entry-too-large' });
  expect(lines[0]).toMatchObject({ level: 'warn', attributes: { bytes: 65_536 } });
});

test('a duplicate that cannot be proven is still answered, and said in the log', async () => {
  for (const onDuplicate of ['reject', 'return'] as const) {
    const published = { index: 7, duplicate: true, publication: {}, proof: undefined };
    const { log } = logThat(() => Promise.resolve(published as Awaited<ReturnType<EntryLog['add']>>));
    const { service, lines } = serviceOf({ log, onDuplicate });
    const outcome = await service.createEntry(request(), call());
    expect(outcome).toMatchObject({ code: 'duplicate', index: 7, existing: undefined });
    expect(lines[0]).toMatchObject({ level: 'error', message: 'existing entry cannot be proven' });
  }
});

test.each(['overloaded', 'internal', 'closing'] as const)('work that is not done (%s) is told so', async (code) => {
  const { log, expected } = logThat(() => Promise.reject(new Error('it was added')));
  const prepare = () => Promise.reject(new PrepareError(code, 'why'));
  const { service, metrics } = serviceOf({ log, preparer: { unready: undefined, prepare } });
  expect(await service.createEntry(request(), call())).toMatchObject({ code });
  expect(expected()).toBe(0);
  expect(metrics.grpc.panics.value).toBe(0);
});

test('an exception that nobody foresaw is an internal error, counted, with its stack in the log', async () => {
  const { log } = logThat(() => Promise.reject(new TypeError('undefined is not a function')));
  const { service, metrics, lines } = serviceOf({ log });
  expect(await service.createEntry(request(), call())).toMatchObject({
    code: 'internal',
    message: 'internal server error',
  });
  expect(metrics.grpc.panics.value).toBe(1);
  expect(String(lines[0]?.attributes.error)).toContain('create-entry.test.ts');
});
