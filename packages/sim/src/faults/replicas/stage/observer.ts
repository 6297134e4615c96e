import type { TilePath } from '@tilewright/core/tiles';
import type { Oracle } from '../../../oracle/oracle.ts';
import type { RemotePorts } from '../../../replicas/remote-store.ts';

/** Shows the oracle what the world can read, through a connection of its own: no script touches it. */
export class Observer {
  readonly #oracle: Oracle;
  readonly #eye: RemotePorts;
  /** Looks at the checkpoint follow one another: an older answer must not arrive after a newer one. */
  #looking: Promise<void> = Promise.resolve();

  constructor(oracle: Oracle, eye: RemotePorts) {
    this.#oracle = oracle;
    this.#eye = eye;
  }

  /** Something may have become of the object at `path`. */
  async object(path: TilePath): Promise<void> {
    const bytes = await this.#eye.objects.read(path);
    if (bytes !== undefined) this.#oracle.served(path, bytes);
  }

  /** Something may have become of the checkpoint. */
  checkpoint(): Promise<void> {
    this.#looking = this.#looking.then(async () => {
      const stored = await this.#eye.checkpoints.read();
      if (stored !== undefined) this.#oracle.showed(stored.note);
    });
    return this.#looking;
  }

  /** The log's key is about to be used on `text`. */
  async signing(text: Uint8Array): Promise<void> {
    this.#oracle.signing(text, (await this.#eye.sequence.head()).signed);
  }
}
