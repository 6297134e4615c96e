import type { Fs } from '@tilewright/store-posix';
import { ForwardingFs } from './forwarding-fs.ts';
import type { PromiseBook } from './promises.ts';

/** Tells of every path below `tile/` the moment it gets its name: a static server may serve it from then on. */
export class WatchingFs extends ForwardingFs {
  readonly #dir: string;
  readonly #book: PromiseBook;

  constructor(inner: Fs, dir: string, book: PromiseBook) {
    super(inner);
    this.#dir = dir;
    this.#book = book;
  }

  override async link(from: string, to: string): Promise<void> {
    const path = to.slice(this.#dir.length + 1);
    const bytes = path.startsWith('tile/') ? await this.inner.readFile(from) : undefined;
    await this.inner.link(from, to);
    if (bytes !== undefined) this.#book.serve(path, bytes);
  }
}
