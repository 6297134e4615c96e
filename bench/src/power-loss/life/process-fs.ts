import type { FsFile, FsLock, FsOpenMode } from '@tilewright/store-posix';
import { ProcessEnded } from '@tilewright/store-posix/testing';
import { ForwardingFile, ForwardingFs } from './forwarding-fs.ts';

/**
 * The file system as one process sees it, so that one can be killed without ending this program: what the kernel was
 * asked for already happens, nobody learns of it, and descriptors and locks are given back.
 */
export class ProcessFs extends ForwardingFs {
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #held = new Set<() => Promise<void>>();
  #ended = false;

  override async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended) throw new ProcessEnded();
    const call = work();
    this.#underWay.add(call);
    try {
      const result = await call;
      if (this.#ended) throw new ProcessEnded();
      return result;
    } finally {
      this.#underWay.delete(call);
    }
  }

  override async open(path: string, mode: FsOpenMode, permissions?: number): Promise<FsFile> {
    return this.through(async () => {
      const file = await this.inner.open(path, mode, permissions);
      const letGo = (): Promise<void> => file.close();
      this.#held.add(letGo);
      return new HeldFile(this, file, () => this.#held.delete(letGo));
    });
  }

  override async lock(path: string): Promise<FsLock | undefined> {
    return this.through(async () => {
      const lock = await this.inner.lock(path);
      if (lock === undefined) return undefined;
      const release = async (): Promise<void> => {
        if (this.#held.delete(release)) await lock.release();
      };
      this.#held.add(release);
      return { release };
    });
  }

  /** Ends the process, as SIGKILL would. */
  async kill(): Promise<void> {
    this.#ended = true;
    await Promise.allSettled(this.#underWay);
    for (const letGo of [...this.#held]) await letGo();
    this.#held.clear();
  }
}

class HeldFile extends ForwardingFile {
  readonly #process: ProcessFs;
  readonly #closing: () => void;

  constructor(process: ProcessFs, inner: FsFile, closing: () => void) {
    super(process, inner);
    this.#process = process;
    this.#closing = closing;
  }

  override close(): Promise<void> {
    return this.#process.through(() => {
      // Before the call: a descriptor that is closed twice is by then somebody else's.
      this.#closing();
      return this.inner.close();
    });
  }
}
