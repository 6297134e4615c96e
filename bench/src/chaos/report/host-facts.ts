import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** What a run depends on; nothing that names the machine. */
export interface HostFacts {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  readonly disk: string;
}

/** `disk` is the log's file system. */
export function hostFacts(disk: string): HostFacts {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGib: Math.round(totalmem() / 2 ** 30),
    // The build's name after the version may name who made it.
    system: `${type()} ${release().replace(/^(\d+\.\d+).*$/, '$1')}`,
    node: process.version,
    disk,
  };
}
