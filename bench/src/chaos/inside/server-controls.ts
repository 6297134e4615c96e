import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { ServerCommand } from '../../server/server-process.ts';
import { type Acknowledgement, CALM, type Control } from './control.ts';

const ANSWER_WITHIN_MS = 10_000;
const OTHERS_WITHIN_MS = 2_000;

/** The other end of the module inside the server. One control file serves all servers of a run, one after the other. */
export class ServerControls {
  readonly #file: string;
  #control: Control = CALM;

  constructor(file: string) {
    this.#file = file;
    this.#write();
  }

  /** The command with the module loaded into it. */
  within(command: ServerCommand): ServerCommand {
    const port = new URL(
      `./fault-port.ts?control=${encodeURIComponent(this.#file)}`,
      pathToFileURL(import.meta.filename),
    );
    const [node, ...args] = command.argv;
    return { ...command, argv: [node, '--import', port.href, ...args] };
  }

  /** Changes what is wrong; a server that starts later finds it so. */
  set(change: Partial<Omit<Control, 'generation'>>): void {
    this.#control = { ...this.#control, ...change, generation: this.#control.generation + 1 };
    this.#write();
  }

  /**
   * Waits until all threads of a process have read the last change; what each of them said. A thread that says nothing
   * any more has ended. Throws when the main thread does not read it.
   */
  async acknowledged(pid: number): Promise<Acknowledgement[]> {
    const until = performance.now() + ANSWER_WITHIN_MS;
    let mainSince: number | undefined;
    do {
      const answers = this.#answers(pid);
      const current = [...answers.values()].filter(({ generation }) => generation === this.#control.generation);
      if (answers.get(0)?.generation === this.#control.generation) {
        mainSince ??= performance.now();
        if (current.length === answers.size || performance.now() - mainSince > OTHERS_WITHIN_MS) return current;
      }
      await sleep(20);
    } while (performance.now() < until);
    throw new Error('the module inside the server did not answer');
  }

  #answers(pid: number): Map<number, Acknowledgement> {
    const prefix = `${basename(this.#file)}.${pid}-`;
    const answers = new Map<number, Acknowledgement>();
    for (const name of readdirSync(dirname(this.#file))) {
      if (!name.startsWith(prefix) || name.endsWith('.new')) continue;
      const text = readFileSync(join(dirname(this.#file), name), 'utf8');
      answers.set(Number(name.slice(prefix.length)), JSON.parse(text) as Acknowledgement);
    }
    return answers;
  }

  #write(): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#control));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
