import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from '../../crash/judge/answer-judge.ts';
import type { TileSource } from '../../crash/read/tile-source.ts';
import type { Pacer } from '../../hammer/load/pacer.ts';
import type { WriteAnswer } from '../../soak/clients/answer.ts';
import { GrpcClient } from '../../soak/clients/grpc-client.ts';
import { HttpClient } from '../../soak/clients/http-client.ts';

/** What who was told to come again waits: less than the log asks for, so that its first answer after a fault is seen. */
const BUSY_PAUSE_MS = 250;
const NEVER = new AbortController().signal;

/** A client of HTTP that keeps to a rate: an hour of chaos is no benchmark, and the machine is shared. */
export class PacedHttpClient extends HttpClient {
  readonly #pacer: Pacer;

  constructor(port: number, connections: number, pacer: Pacer) {
    super(port, connections);
    this.#pacer = pacer;
  }

  override async submit(body: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<WriteAnswer> {
    await this.#pacer.next(NEVER);
    return patient(await super.submit(body, headers));
  }
}

/** A client of gRPC that keeps to a rate. */
export class PacedGrpcClient extends GrpcClient {
  readonly #pacer: Pacer;

  constructor(port: number, pacer: Pacer) {
    super(port);
    this.#pacer = pacer;
  }

  override async submit(message: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<WriteAnswer> {
    await this.#pacer.next(NEVER);
    return patient(await super.submit(message, headers));
  }
}

/** Reads at a rate. */
export function pacedSource(source: TileSource, pacer: Pacer): TileSource {
  return {
    label: source.label,
    read: async (path) => {
      await pacer.next(NEVER);
      return source.read(path);
    },
    close: () => source.close(),
  };
}

async function patient(answer: WriteAnswer): Promise<WriteAnswer> {
  if (isBusy(answer)) await sleep(BUSY_PAUSE_MS);
  return answer;
}
