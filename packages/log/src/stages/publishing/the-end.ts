import type { Publication } from '../../intake/publication.ts';
import { publishedLine } from './last-checkpoint.ts';

/** The end of a log: its last checkpoint, and what witnesses said to it. */
export interface Ended {
  readonly publication: Publication;
  /** Enough witnesses cosigned it; always where the log has none. */
  readonly enough: boolean;
  /** Which witnesses are missing, and why; nothing where they were not asked: there are none, or they had cosigned before. */
  readonly detail: string | undefined;
}

/** Those who wait for a log's last checkpoint. */
export class TheEnd {
  #waiters: ((ended: Ended) => void)[] = [];

  wait(): Promise<Ended> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** A checkpoint was published: perhaps the last one. */
  published({
    publication,
    enough,
    detail,
  }: {
    publication: Publication;
    enough: boolean;
    detail?: string | undefined;
  }): void {
    if (this.#waiters.length === 0 || publishedLine(publication.note) === undefined) return;
    for (const resolve of this.#waiters) resolve({ publication, enough, detail });
    this.#waiters = [];
  }
}
