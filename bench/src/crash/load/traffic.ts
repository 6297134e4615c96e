import type { ServerPorts } from '../../server/server-process.ts';
import type { GrpcClient } from '../../soak/clients/grpc-client.ts';
import type { HttpClient } from '../../soak/clients/http-client.ts';
import type { EntryBook } from '../judge/entry-book.ts';
import type { Ledger } from '../judge/ledger.ts';
import type { Phase } from '../life/phase.ts';
import type { RequestSupply } from './request-supply.ts';
import type { Tally } from './tally.ts';

/** What clients of one server's life work with. */
export interface Traffic {
  /** Whether the server is Tilewright, whose every refusal is known. */
  readonly isOurs: boolean;
  readonly ports: ServerPorts;
  readonly http: HttpClient;
  readonly grpc: GrpcClient;
  readonly phase: Phase;
  readonly supply: RequestSupply;
  readonly book: EntryBook;
  readonly ledger: Ledger;
  readonly tally: Tally;
  readonly random: () => number;
}

/** Notes that something got no answer: natural when the server is ending, a broken promise before. */
export function unanswered({ phase, ledger }: Traffic, what: string, error: unknown): void {
  if (phase.ending.aborted) return;
  ledger.violate(`${what} got no answer from a server that was up: ${error instanceof Error ? error.message : error}`);
}
