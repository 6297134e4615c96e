import { EntryMaker } from '../../requests/entry-request.ts';
import type { ServerPorts } from '../../server/server-process.ts';
import { GrpcClient } from '../clients/grpc-client.ts';
import { HttpClient } from '../clients/http-client.ts';
import { abuseGrpc } from './abuse-grpc.ts';
import { abuseHttp } from './abuse-http.ts';
import { Findings } from './findings.ts';
import { submitDuplicates, submitInNoTime } from './fresh-entries.ts';
import { LeafLedger } from './leaf-ledger.ts';
import { checkAllMade, sendTable, type TableRequest, tableRequests } from './request-table.ts';

/** What every kind of traffic works with. */
export interface Traffic {
  readonly ports: ServerPorts;
  readonly http: HttpClient;
  readonly grpc: GrpcClient;
  readonly maker: EntryMaker;
  readonly ledger: LeafLedger;
  readonly findings: Findings;
}

/** All that one round sends, over and over; what it remembers is what the log holds. */
export class Rounds {
  readonly findings: Findings = new Findings();
  readonly maker: EntryMaker = new EntryMaker(new Date());
  readonly ports: ServerPorts;
  readonly #concurrency: number;
  readonly #table: readonly TableRequest[] = tableRequests();
  readonly #ledger = new LeafLedger();

  /** `concurrency` is the number of table requests under way at one time; the rest comes on top. */
  constructor(ports: ServerPorts, concurrency: number) {
    this.ports = ports;
    this.#concurrency = concurrency;
  }

  /** Requests in the table. */
  get tableSize(): number {
    return this.#table.length;
  }

  /** Makes `count` entries, each submitted more than once at one time. */
  async fill(count: number): Promise<void> {
    await this.#connected((traffic) => submitDuplicates(traffic, count, this.#concurrency));
  }

  /** The whole table beside duplicates, requests without time, and clients that break off. */
  async run(): Promise<void> {
    await this.#connected(async (traffic) => {
      await Promise.all([
        sendTable(this.#table, this.#concurrency, traffic),
        submitDuplicates(traffic, 6, 2),
        submitInNoTime(traffic),
        abuseHttp(traffic),
        abuseGrpc(traffic),
      ]);
    });
    checkAllMade(this.#table, this.#ledger, this.findings);
  }

  async #connected(work: (traffic: Traffic) => Promise<void>): Promise<void> {
    const { ports } = this;
    const http = new HttpClient(ports.http, this.#concurrency);
    const grpc = new GrpcClient(ports.grpc);
    try {
      await work({ ports, http, grpc, maker: this.maker, ledger: this.#ledger, findings: this.findings });
    } finally {
      http.close();
      await grpc.close();
    }
  }
}
