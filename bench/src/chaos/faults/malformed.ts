import { GrpcClient } from '../../soak/clients/grpc-client.ts';
import { HttpClient } from '../../soak/clients/http-client.ts';
import { abuseGrpc } from '../../soak/traffic/abuse-grpc.ts';
import { abuseHttp } from '../../soak/traffic/abuse-http.ts';
import { Findings } from '../../soak/traffic/findings.ts';
import { LeafLedger } from '../../soak/traffic/leaf-ledger.ts';
import type { Traffic } from '../../soak/traffic/round.ts';
import { RecordedMaker } from '../load/recorded-maker.ts';
import type { Fault, FaultScene } from './fault.ts';

/** The soak's clients with bad framing, half-open streams and foreign protocols, each of whose answers is known. */
export const malformed: Fault = {
  kind: 'malformed clients',
  holdMs: [2_000, 8_000],
  // Their answers are known only of a server that stays.
  isWithKill: false,
  whyNot: undefined,
  async begin({ traffic, book, tally }) {
    const findings = new Findings();
    const end = new AbortController();
    const work = abuse({ traffic, book }, findings, end.signal);
    return {
      outlivesServer: false,
      async lift() {
        end.abort();
        const rounds = await work;
        for (const violation of findings.violations) traffic.ledger.violate(`malformed clients: ${violation}`);
        let exchanges = 0;
        for (const [kind, count] of findings.answers) {
          tally.count('malformed', kind, count);
          exchanges += count;
        }
        return `${exchanges} exchanges in ${rounds} rounds`;
      },
    };
  },
};

async function abuse(
  { traffic: { ports }, book }: Pick<FaultScene, 'traffic' | 'book'>,
  findings: Findings,
  end: AbortSignal,
): Promise<number> {
  const maker = new RecordedMaker(new Date(), book);
  for (let rounds = 1; ; rounds++) {
    const [http, grpc] = [new HttpClient(ports.http, 4), new GrpcClient(ports.grpc)];
    const traffic: Traffic = { ports, http, grpc, maker, ledger: new LeafLedger(), findings };
    try {
      await Promise.all([abuseHttp(traffic), abuseGrpc(traffic)]);
    } catch (error) {
      findings.violate(error instanceof Error ? error.message : String(error));
      return rounds;
    } finally {
      http.close();
      await grpc.close();
    }
    if (end.aborted) return rounds;
  }
}
