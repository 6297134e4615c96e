/** Whether a process runs, is stopped in its tracks (as by SIGSTOP), or is gone. */
export class Pulse {
  #stopped: PromiseWithResolvers<void> | undefined;
  #alive = true;

  get alive(): boolean {
    return this.#alive;
  }

  stop(): void {
    this.#stopped ??= Promise.withResolvers<void>();
  }

  goOn(): void {
    this.#stopped?.resolve();
    this.#stopped = undefined;
  }

  end(): void {
    this.#alive = false;
  }

  /** Resolves as soon as the process runs; never when it is gone. */
  async beat(): Promise<void> {
    while (this.#alive && this.#stopped !== undefined) await this.#stopped.promise;
    if (!this.#alive) await new Promise<never>(() => {});
  }
}
