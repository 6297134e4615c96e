import { readFileSync } from 'node:fs';
import {
  proveConsistencyFromSource,
  proveInclusionFromSource,
  readCheckpoint,
  readEntries,
  type TileSource,
} from '@tilewright/client';
import { decodeUtf8, encodeBase64 } from '@tilewright/core/bytes';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import type { Tree } from '@tilewright/core/merkle';
import type { NoteVerifier } from '@tilewright/core/note';
import { type Command, defineCommand } from '../../cli/command.ts';
import { CommandError } from '../../cli/command-error.ts';
import { logKeyFlags, requireLogKey } from '../../reading/log-key.ts';
import { openSource, reading } from '../../reading/open-source.ts';
import { type Fact, jsonFlag, printFacts } from '../../terminal/print-facts.ts';

/** `tilewright log prove`. */
export const logProve: Command = defineCommand({
  name: 'log prove',
  summary: 'Prove that an entry is in a log',
  description:
    'Builds the inclusion proof of an entry from the tiles of a log at a URL or in a directory, verifies it against the signed checkpoint, and prints it with the entry.\n\nWith --old-checkpoint it also proves that the log only grew since that checkpoint; then the index may be left out.',
  usage: '<url, gs://bucket or directory> [<index>] [flags]',
  examples: [
    "tilewright log prove http://localhost:3000 17 --vkey 'localhost+…' --json",
    "tilewright log prove ./data/log --old-checkpoint yesterday.txt --vkey 'localhost+…'",
  ],
  args: { min: 1, max: 2 },
  flags: {
    ...logKeyFlags,
    'old-checkpoint': {
      type: 'string',
      placeholder: 'FILE',
      help: 'An earlier checkpoint of the same log that it must be a continuation of.',
    },
    ...jsonFlag,
  },
  async run({ args: [log = '', index], resolved: { values } }, io) {
    const key = requireLogKey(values);
    const oldFile = values['old-checkpoint'];
    if (index === undefined && oldFile === undefined)
      throw new CommandError('usage', 'missing <index> or --old-checkpoint');
    if (index !== undefined && !/^(0|[1-9]\d{0,15})$/.test(index))
      throw new CommandError('usage', `"${index.slice(0, 80)}" is not an index`);
    const old = oldFile === undefined ? undefined : readOldCheckpoint(oldFile, key.verifier);
    const { source } = openSource(log, io.env);
    const facts = await reading(async () => {
      const now = await readCheckpoint(source, key.verifier, io.signal);
      const inclusion = index === undefined ? {} : await inclusionFacts(source, now, Number(index), io.signal);
      const consistency = old && {
        oldSize: old.size,
        consistencyProof: base64s(await proveConsistencyFromSource(source, old, now, io.signal)),
      };
      return {
        treeSize: now.size,
        rootHash: encodeBase64(now.root),
        ...inclusion,
        ...consistency,
        checkpoint: decodeUtf8(now.note),
      };
    });
    printFacts(io, values.json, facts, SHOWN);
    return 0;
  },
});

const SHOWN = {
  treeSize: 'Tree size',
  rootHash: 'Root hash',
  logIndex: 'Index',
  leafHash: 'Leaf hash',
  inclusionProof: 'Inclusion proof',
  entry: 'Entry',
  oldSize: 'Continues size',
  consistencyProof: 'Consistency proof',
};

async function inclusionFacts(
  source: TileSource,
  tree: Tree,
  index: number,
  signal: AbortSignal,
): Promise<Record<string, Fact>> {
  const { leafHash, proof } = await proveInclusionFromSource(source, tree, index, signal);
  const facts = { logIndex: index, leafHash: encodeBase64(leafHash), inclusionProof: base64s(proof) };
  for await (const { data } of readEntries(source, tree, { from: index, to: index + 1, signal })) {
    return { ...facts, entry: encodeBase64(data) };
  }
  return facts;
}

function readOldCheckpoint(file: string, verifier: NoteVerifier): Tree {
  try {
    return openCheckpoint(readFileSync(file), verifier.name, verifier);
  } catch (error) {
    if (error instanceof CoreError)
      throw new CommandError('failed', `${file} is not a checkpoint of this log: ${error.message}`, { cause: error });
    throw new CommandError('usage', `--old-checkpoint ${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function base64s(hashes: readonly Uint8Array[]): string[] {
  return hashes.map((hash) => encodeBase64(hash));
}
