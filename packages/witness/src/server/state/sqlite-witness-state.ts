import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Hash } from '@tilewright/core/bytes';
import { WitnessError } from '../../witness-error.ts';
import { headOfRow, headRow } from './head-row.ts';
import { corruptState, stateFailure } from './sqlite-failure.ts';
import type { StateStep, WitnessState } from './witness-state.ts';
import type { WitnessedHead } from './witnessed-head.ts';

/** The table of heads, in an open database that has it. */
export class SqliteWitnessState implements WitnessState {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #find: StatementSync;
  readonly #all: StatementSync;
  readonly #put: StatementSync;
  /** After a write that failed halfway nobody knows what a read would show: only opening the state again does. */
  #failure: WitnessError | undefined;

  /** @param file what messages call it */
  constructor(database: DatabaseSync, file: string) {
    this.#database = database;
    this.#file = file;
    this.#find = database.prepare('SELECT log, note, timestamp, digest FROM heads WHERE log = ?');
    this.#all = database.prepare('SELECT log, note, timestamp, digest FROM heads ORDER BY log');
    this.#put = database.prepare(
      'INSERT INTO heads (log, note, timestamp, digest) VALUES (?, ?, ?, ?) ON CONFLICT (log) ' +
        'DO UPDATE SET note = excluded.note, timestamp = excluded.timestamp, digest = excluded.digest',
    );
  }

  step<T>(work: (step: StateStep) => T): T {
    return this.#guard(() => {
      let isChanged = false;
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const result = work({
          head: (log) => this.#read(log),
          store: (head) => {
            const { log, note, timestamp, digest } = headRow(head);
            this.#put.run(log, note, timestamp, digest);
            isChanged = true;
          },
        });
        if (result instanceof Promise) throw new TypeError('a step of the state does not wait');
        this.#database.exec(isChanged ? 'COMMIT' : 'ROLLBACK');
        return result;
      } catch (error) {
        // SQLite ends the transaction by itself after some failures.
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  head(log: Hash): WitnessedHead | undefined {
    return this.#guard(() => this.#read(log));
  }

  heads(): WitnessedHead[] {
    return this.#guard(() => this.#all.all().map((row) => this.#checked(row)));
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #read(log: Hash): WitnessedHead | undefined {
    const row = this.#find.get(log);
    return row === undefined ? undefined : this.#checked(row);
  }

  #checked(row: Readonly<Record<string, unknown>>): WitnessedHead {
    const head = headOfRow(row);
    if (head === undefined) throw corruptState(this.#file, 'a stored checkpoint is not what was written');
    return head;
  }

  #guard<T>(work: () => T): T {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return work();
    } catch (error) {
      const failure = stateFailure(error, this.#file);
      if (failure instanceof WitnessError && failure.code !== 'state-full') this.#failure = failure;
      throw failure;
    }
  }
}
