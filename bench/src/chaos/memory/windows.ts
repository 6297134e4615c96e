import { setTimeout as sleep } from 'node:timers/promises';
import { treeUsage } from '../../load/usage/process-tree.ts';
import type { ServerProcess } from '../../server/server-process.ts';
import { Meter } from '../../soak/memory/measure.ts';
import type { ChaosLog } from '../chaos-log.ts';
import type { WindowRecord } from '../state/run-record.ts';

const IDLE_MS = 300;

/** Looks at what one server holds, whenever nobody uses it. */
export class Windows {
  readonly samples: WindowRecord[] = [];
  readonly #log: ChaosLog;
  readonly #server: ServerProcess;
  readonly #meter: Meter;
  readonly #idleSockets: number;
  readonly #began = performance.now();

  private constructor(log: ChaosLog, server: ServerProcess, meter: Meter, idleSockets: number) {
    this.#log = log;
    this.#server = server;
    this.#meter = meter;
    this.#idleSockets = idleSockets;
  }

  /** Of a server that nobody has used yet. */
  static async of(log: ChaosLog, server: ServerProcess): Promise<Windows> {
    const meter = new Meter(server, log.memoryFile);
    // The connection that asked whether the server is ready may still be closing.
    await sleep(IDLE_MS);
    return new Windows(log, server, meter, await meter.sockets());
  }

  /** No client is left: waits for the last connections to close, has garbage collected, and measures. */
  async take(): Promise<WindowRecord> {
    await this.#meter.settle(this.#idleSockets);
    const sample = await this.#meter.sample();
    const { residentBytes } = await treeUsage(this.#server.pid);
    const record: WindowRecord = {
      ...sample,
      round: Math.round((performance.now() - this.#began) / 1_000),
      resident: residentBytes,
      life: this.#log.lives,
      entries: this.#log.entries,
    };
    this.samples.push(record);
    return record;
  }
}
