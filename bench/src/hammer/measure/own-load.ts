import { cpus } from 'node:os';
import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** What the generator itself needed. */
export interface GeneratorLoad {
  /** CPU seconds of all its threads a second. */
  readonly cores: number;
  /** Share of the time, 0 to 1, in which its main thread was at work. */
  readonly busy: number;
  /** Share of the machine, 0 to 1, that was at work for anybody. */
  readonly machineBusy: number;
  /** Whether it, and not the server, may have bounded the result. */
  readonly isBottleneck: boolean;
}

/** Above this the main thread had no room to send more. */
const BUSY = 0.85;

/** Measures this process from its construction on. */
export class OwnLoad {
  readonly #startedMs: number = performance.now();
  readonly #cpu: NodeJS.CpuUsage = process.cpuUsage();
  readonly #loop: EventLoopUtilization = performance.eventLoopUtilization();
  readonly #machine: MachineTimes = machineTimes();

  /** What it was since then. */
  measure(): GeneratorLoad {
    const seconds = (performance.now() - this.#startedMs) / 1_000;
    const { user, system } = process.cpuUsage(this.#cpu);
    const busy = performance.eventLoopUtilization(this.#loop).utilization;
    const now = machineTimes();
    const total = now.totalMs - this.#machine.totalMs;
    const machineBusy = total > 0 ? 1 - (now.idleMs - this.#machine.idleMs) / total : 0;
    return {
      cores: round((user + system) / 1e6 / seconds),
      busy: round(busy),
      machineBusy: round(machineBusy),
      isBottleneck: busy >= BUSY,
    };
  }
}

interface MachineTimes {
  readonly idleMs: number;
  readonly totalMs: number;
}

function machineTimes(): MachineTimes {
  let [idleMs, totalMs] = [0, 0];
  for (const { times } of cpus()) {
    idleMs += times.idle;
    totalMs += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { idleMs, totalMs };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
