import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pid } from 'node:process';

/** Both ways in which kernels have control groups. */
const V1 = '/sys/fs/cgroup/blkio';
const V2 = '/sys/fs/cgroup';

/**
 * Limits how many writes a second a process may have on one block device: the kernel holds back whatever it asks for, by
 * whichever call, and a sync waits for all of it.
 */
export class Throttle {
  readonly #device: string;
  readonly #group: string;
  readonly #isV1: boolean;

  /** `device` is its major and minor number. Throws where the kernel has no such limits, or this process may not set them. */
  constructor(device: string) {
    this.#device = device;
    this.#isV1 = existsSync(join(V1, 'blkio.throttle.write_iops_device'));
    if (!this.#isV1 && !existsSync(join(V2, 'cgroup.controllers'))) throw new Error('there are no control groups');
    this.#group = join(this.#isV1 ? V1 : V2, `tilewright-chaos-${pid}`);
    if (!this.#isV1) writeFileSync(join(V2, 'cgroup.subtree_control'), '+io');
    mkdirSync(this.#group, { recursive: true });
    // Finds out now whether it may: not in the middle of a fault.
    this.lift();
  }

  /** Limits a process, and every one that was limited before, to so many writes a second. */
  limit(serverPid: number, writesPerSecond: number): void {
    writeFileSync(join(this.#group, 'cgroup.procs'), `${serverPid}`);
    this.#write(`${writesPerSecond}`);
  }

  lift(): void {
    this.#write(undefined);
  }

  /** To be called when no limited process is left. */
  close(): void {
    try {
      rmdirSync(this.#group);
    } catch {
      // A process that was killed just now may still be leaving; an empty group does no harm.
    }
  }

  #write(limit: string | undefined): void {
    if (this.#isV1)
      writeFileSync(join(this.#group, 'blkio.throttle.write_iops_device'), `${this.#device} ${limit ?? 0}`);
    else writeFileSync(join(this.#group, 'io.max'), `${this.#device} wiops=${limit ?? 'max'}`);
  }
}
