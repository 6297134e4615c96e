import { existsSync } from 'node:fs';
import { isKeyName } from '@tilewright/core/note';
import { cosignerOf, generateEd25519KeyPem, generateMlDsa44KeyPem, readPrivateKeyFile } from '@tilewright/signer';
import { openWitnessState } from '@tilewright/witness/server';
import { type Command, defineCommand } from '../../cli/command.ts';
import { CommandError } from '../../cli/command-error.ts';
import { newSecretFile } from '../../files/new-secret-file.ts';
import { jsonFlag, printFacts } from '../../terminal/print-facts.ts';
import { policyLine, vkeyOf } from './policy-line.ts';
import { refusedStart } from './run-witness.ts';

/** `tilewright witness init`. */
export const witnessInit: Command = defineCommand({
  name: 'witness init',
  summary: 'Make the key of a witness, and its empty state',
  description:
    'Makes a private key for a witness, in PEM, readable by its owner alone, and with --state the empty state of what it has cosigned. Prints the vkey, and the line with which a policy lists the witness. Nothing is overwritten.\n\nA key and its state belong together for good: a witness that lost its state begins again with a new key. For a witness with keys of both types run it twice with one name and one state.',
  usage: '--name <name> --key-file <file> [flags]',
  examples: [
    'tilewright witness init --name witness.example.com/w1 --key-file ./witness-key.pem --state ./witness.db --url https://witness.example.com/w1',
  ],
  args: { min: 0, max: 0 },
  flags: {
    name: {
      type: 'string',
      placeholder: 'NAME',
      required: true,
      help: 'Name of the witness, such as its URL without the scheme: no white space, no "+".',
    },
    'key-file': { type: 'string', placeholder: 'FILE', required: true, help: 'Where to write the private key.' },
    'key-type': {
      type: 'string',
      default: 'ed25519',
      choices: ['ed25519', 'ml-dsa-44'],
      help: 'Ed25519 is what all logs understand; ML-DSA-44 is safe from quantum computers, and signs subtrees.',
    },
    state: {
      type: 'string',
      placeholder: 'FILE',
      help: 'Where to make the empty state; one that is there already stays as it is. Without it, the first start of the witness needs --create-state.',
    },
    url: {
      type: 'string',
      placeholder: 'URL',
      help: 'Where logs will reach the witness, its prefix included: part of the line for policies.',
    },
    ...jsonFlag,
  },
  async run({ resolved: { values } }, io) {
    const { name, state, url } = values;
    if (!isKeyName(name)) {
      throw new CommandError('usage', '--name: the name of a witness must not hold white space or "+"');
    }
    if (url !== undefined && !isHttpUrl(url)) {
      throw new CommandError('usage', '--url: give the URL with its scheme, such as https://witness.example.com/w1');
    }
    const pem = values['key-type'] === 'ed25519' ? generateEd25519KeyPem() : generateMlDsa44KeyPem();
    const { key } = cosignerOf(name, readPrivateKeyFile(pem));
    if (existsSync(values['key-file'])) throw keyExists(values['key-file']);
    // The state first: one of another witness is refused before there is a key.
    if (state !== undefined) makeState(state, name);
    makeKeyFile(values['key-file'], pem);
    printFacts(
      io,
      values.json,
      {
        keyFile: values['key-file'],
        keyType: values['key-type'],
        state: state ?? null,
        name,
        vkey: vkeyOf(key),
        policyLine: policyLine(key, url),
      },
      { keyFile: 'Made', state: 'State', vkey: 'Vkey', policyLine: 'Policy line' },
    );
    return 0;
  },
});

function makeKeyFile(path: string, pem: string): void {
  try {
    if (newSecretFile(path, pem)) return;
  } catch (cause) {
    throw new CommandError('refused', `${path} cannot be made: ${(cause as Error).message}`, { cause });
  }
  throw keyExists(path);
}

function keyExists(path: string): CommandError {
  return new CommandError('refused', `${path} exists: a key is never overwritten; choose another path`);
}

function makeState(path: string, name: string): void {
  try {
    openWitnessState({ path, name, create: true }).close();
  } catch (error) {
    throw refusedStart(error);
  }
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return (url?.protocol === 'https:' || url?.protocol === 'http:') && !/\s/.test(text);
}
