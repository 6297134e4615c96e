import { registerHooks } from 'node:module';
import { type Mutation, mutate } from '../mutation.ts';
import { REPOSITORY } from './repository.ts';

/**
 * From now on this process loads the file of the mutation with the mutation in it, and everything else as it is.
 * Nothing that imports the file may have been loaded before. Returns whether the file was loaded meanwhile.
 */
export function replaceSource(mutation: Mutation): () => boolean {
  const target = new URL(mutation.file, REPOSITORY).href;
  let loaded = false;
  registerHooks({
    load(url, context, nextLoad) {
      const found = nextLoad(url, context);
      if (url !== target) return found;
      if (found.source === undefined || found.source === null) throw new Error(`${mutation.file} has no source`);
      const text = typeof found.source === 'string' ? found.source : Buffer.from(found.source as Uint8Array).toString();
      loaded = true;
      return { ...found, source: mutate(text, mutation) };
    },
  });
  return () => loaded;
}
