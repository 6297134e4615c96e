import type { TileSource } from '../read/tile-source.ts';

/** Reads a log from the bucket itself, past every server. Throws where the bucket does not answer. */
export function publicSource(publicUrl: string): TileSource {
  return {
    label: publicUrl,
    close: () => {},
    read: async (path) => {
      const answer = await fetch(`${publicUrl}/${path}`);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}`);
      return bytes;
    },
  };
}
