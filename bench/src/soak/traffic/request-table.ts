import { requestRows } from '@tilewright/rekor-entry/testing';
import { describe, type WriteAnswer } from '../clients/answer.ts';
import { inParallel } from '../clients/in-parallel.ts';
import type { Findings } from './findings.ts';
import type { LeafLedger } from './leaf-ledger.ts';
import type { Traffic } from './round.ts';

/** One request of the table over one transport, and the answer that it must get when its entry is new. */
export interface TableRequest {
  readonly name: string;
  readonly transport: 'http' | 'grpc';
  readonly bytes: Uint8Array;
  readonly status: number;
  /** Absent where clients may not compare it. */
  readonly message: string | undefined;
  /** The leaf, of a request that is accepted. */
  readonly body: Uint8Array | undefined;
}

/** Every row of the entry package's table, over each transport that it has a form for. */
export function tableRequests(): TableRequest[] {
  return requestRows().flatMap(({ name, json, wire, expect }) => {
    const { http, grpc, message } = expect;
    const request = (
      transport: 'http' | 'grpc',
      bytes: Uint8Array | undefined,
      status: number | undefined,
      created: number,
    ): TableRequest[] => {
      if (bytes === undefined || status === undefined) return [];
      const body = status === created ? expect.body : undefined;
      return [{ name: `${name} (${transport})`, transport, bytes, status, message, body }];
    };
    return [...request('http', json, http, 201), ...request('grpc', wire, grpc, 0)];
  });
}

/** Sends the whole table once and judges every answer. */
export async function sendTable(table: readonly TableRequest[], limit: number, traffic: Traffic): Promise<void> {
  const { http, grpc, ledger, findings } = traffic;
  await inParallel(table, limit, async (request) => {
    try {
      const answer = await (request.transport === 'http' ? http : grpc).submit(request.bytes);
      findings.count(`${answer.transport} ${answer.status}`);
      const fault = judge(request, answer, ledger);
      if (fault !== undefined) findings.violate(`${request.name}: ${fault}`);
    } catch (error) {
      findings.violate(`${request.name}: no answer: ${error instanceof Error ? error.message : error}`);
    }
  });
}

/** Says which good entries no submission has made. */
export function checkAllMade(table: readonly TableRequest[], ledger: LeafLedger, findings: Findings): void {
  for (const { name, body } of table) {
    if (body !== undefined && !ledger.isMade(body)) findings.violate(`${name}: nobody was told that it was created`);
  }
}

function judge(request: TableRequest, answer: WriteAnswer, ledger: LeafLedger): string | undefined {
  if (request.body !== undefined) return ledger.judge(request.body, answer);
  const isExpected =
    answer.status === request.status && (request.message === undefined || answer.message === request.message);
  return isExpected ? undefined : `${describe(answer)} instead of ${request.status} ${request.message ?? ''}`;
}
