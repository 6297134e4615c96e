import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pid } from 'node:process';
import { generateEd25519KeyPem } from '@tilewright/signer';
import type { EntryRequest } from '../../crash/load/request-supply.ts';
import { JournaledBook } from './journaled-book.ts';
import { JournaledLedger } from './journaled-ledger.ts';
import { processStart } from './process-start.ts';
import { PromiseJournal, readJournal } from './promise-journal.ts';
import { readRequests, writeRequests } from './request-file.ts';
import type { RunRecord } from './run-record.ts';

/** A state directory that cannot be used as it is; the message says why. */
export class StateRefused extends Error {}

/** The records of all runs of a state directory, the first one first. */
export function readRuns(dir: string): RunRecord[] {
  const folder = join(dir, 'runs');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  return names.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as RunRecord);
}

/** What lasts from run to run: the key, every promise of the log, requests to send again, and the records of the runs. */
export class ChaosState {
  readonly dir: string;
  readonly keyFile: string;
  readonly keyPem: string;
  readonly ledger: JournaledLedger = new JournaledLedger();
  readonly book: JournaledBook = new JournaledBook(this.ledger);
  /** The runs before this one. */
  readonly runs: readonly RunRecord[];
  /** Requests of earlier runs, which the log holds or not. */
  readonly requests: readonly EntryRequest[];
  readonly #journal: PromiseJournal;

  /**
   * Opens a directory, which is made when it does not exist, and reads what was promised.
   * @throws StateRefused while another run uses it, or when a run has found something: that is evidence
   */
  constructor(dir: string) {
    this.dir = dir;
    mkdirSync(join(dir, 'runs'), { recursive: true });
    this.#claim();
    this.runs = readRuns(dir);
    const broken = this.runs.find(({ findings }) => findings.length > 0);
    if (broken !== undefined)
      throw new StateRefused(`run ${broken.run} broke the log in it, which is kept as evidence`);
    this.keyFile = join(dir, 'log-key.pem');
    if (!existsSync(this.keyFile)) writeFileSync(this.keyFile, generateEd25519KeyPem(), { mode: 0o600 });
    this.keyPem = readFileSync(this.keyFile, 'utf8');
    this.requests = readRequests(this.#requestFile);
    const file = join(dir, 'promises');
    this.#recall(file);
    this.#journal = new PromiseJournal(file);
    this.ledger.writeTo(this.#journal);
    this.book.writeTo(this.#journal);
  }

  /** Number of this run, from 1. */
  get run(): number {
    return (this.runs.at(-1)?.run ?? 0) + 1;
  }

  saveRun(record: RunRecord): void {
    const name = `${String(record.run).padStart(3, '0')}.json`;
    writeFileSync(join(this.dir, 'runs', name), `${JSON.stringify(record, undefined, 1)}\n`);
  }

  saveRequests(requests: readonly EntryRequest[]): void {
    writeRequests(this.#requestFile, requests);
  }

  /** Lets go of the directory. */
  close(): void {
    this.#journal.close();
    rmSync(this.#owner, { force: true });
  }

  get #owner(): string {
    return join(this.dir, 'owner');
  }

  get #requestFile(): string {
    return join(this.dir, 'requests.json');
  }

  #claim(): void {
    const owner = existsSync(this.#owner) ? readFileSync(this.#owner, 'utf8') : '';
    const [other = '', start] = owner.split(' ');
    if (start !== undefined && processStart(Number(other)) === start) {
      throw new StateRefused(`process ${other} uses it`);
    }
    writeFileSync(this.#owner, `${pid} ${processStart(pid)}`);
  }

  #recall(file: string): void {
    readJournal(file, (line) => {
      switch (line.kind) {
        case 'sent':
          this.book.send(line.leaf);
          break;
        case 'refused':
          this.book.refuse(line.leaf);
          break;
        case 'answered':
          this.book.answered(line.leaf, line.index, line.isCreated, undefined);
          this.ledger.acknowledge(line.index, line.leaf);
          break;
        case 'checkpoint':
          this.ledger.checkpoint(line.size, line.root);
          break;
        case 'published':
          this.ledger.published(line.size);
          break;
        case 'served':
          this.ledger.served(line.path, line.digest);
          break;
      }
    });
  }
}
