import {
  type LogEntry,
  makeBundle,
  type Submission,
  submitGrpc,
  submitHttp,
  type TrustedLog,
} from '@tilewright/client';
import { encodeBase64 } from '@tilewright/core/bytes';
import { type Command, defineCommand } from '../cli/command.ts';
import { CommandError } from '../cli/command-error.ts';
import { readableFileProblem } from '../files/readable-file.ts';
import { readablePem } from '../files/readable-pem.ts';
import { writeWhole } from '../files/write-whole.ts';
import { logKeyFlags } from '../reading/log-key.ts';
import { reading } from '../reading/open-source.ts';
import { type ArtifactKey, loadArtifactKey, makeArtifactKey } from '../signing/artifact-key.ts';
import { loggedEntry } from '../signing/logged-entry.ts';
import { signFile } from '../signing/sign-file.ts';
import { trustedLogAt, trustedRootFlag } from '../signing/trusted-log.ts';
import type { Io } from '../terminal/io.ts';
import { jsonFlag, printFacts } from '../terminal/print-facts.ts';

/** `tilewright submit`. */
export const submit: Command = defineCommand({
  name: 'submit',
  summary: 'Sign a file, enter the signature in a log, and write a Sigstore bundle',
  description:
    'Hashes and signs a file, submits the signature to a Rekor v2 log over HTTP or gRPC, verifies the answer (checkpoint, proof, and that the entry is the one that was sent), and writes a Sigstore bundle v0.3, which every Sigstore client can verify with the public key.\n\nThe file itself goes nowhere.',
  usage: '<file> [flags]',
  examples: [
    'tilewright submit hello.txt --url http://localhost:3000 --new-key my-key.pem --trusted-root data/trusted_root.json',
    "tilewright submit hello.txt --grpc localhost:3001 --key my-key.pem --vkey 'localhost+…' --bundle hello.bundle.json",
  ],
  args: { min: 1, max: 1 },
  flags: {
    url: { type: 'string', placeholder: 'URL', help: 'Submit over HTTP to the log at this URL.' },
    grpc: { type: 'string', placeholder: 'HOST:PORT', help: 'Submit over gRPC instead; https://host:port uses TLS.' },
    'grpc-ca': {
      type: 'string',
      placeholder: 'FILE',
      help: 'Certificates (PEM) to trust for gRPC over TLS, instead of those of the system.',
    },
    key: {
      type: 'string',
      placeholder: 'FILE',
      help: 'Private key (PEM) to sign with: ECDSA P-256, P-384, P-521 or RSA 2048, 3072, 4096.',
    },
    'new-key': {
      type: 'string',
      placeholder: 'FILE',
      help: 'Make a P-256 key there (mode 0600; the public half beside it with .pub) and sign with it. A file that is there is never overwritten.',
    },
    ...trustedRootFlag,
    ...logKeyFlags,
    bundle: {
      type: 'string',
      placeholder: 'FILE',
      help: 'Where to write the bundle. Without it, <file>.sigstore.json.',
    },
    timeout: {
      type: 'duration',
      default: '30s',
      min: '1ms',
      max: '1h',
      help: 'How long to wait for an answer, each time the log is asked.',
    },
    ...jsonFlag,
  },
  async run({ args: [file = ''], resolved: { values } }, io) {
    const { url, grpc, bundle = `${file}.sigstore.json` } = values;
    if ((url === undefined) === (grpc === undefined))
      throw new CommandError('usage', 'where to? Give either --url or --grpc');
    if ((values.key === undefined) === (values['new-key'] === undefined))
      throw new CommandError('usage', 'who signs? Give either --key or --new-key');
    if (url !== undefined && !/^https?:\/\//.test(url))
      throw new CommandError('usage', '--url must be an http or https URL');
    const unreadable = readableFileProblem('<file>', file);
    if (unreadable !== undefined) throw new CommandError('usage', unreadable);
    const log = trustedLogAt(url ?? grpc ?? '', values);
    const ca = values['grpc-ca'] === undefined ? undefined : readablePem('--grpc-ca', values['grpc-ca']);
    const key = values.key === undefined ? makeArtifactKey(values['new-key'] ?? '') : loadArtifactKey(values.key);
    const signed = await signFile(file, key, io.signal);
    const submission: Submission = { ...signed, verifier: key.verifier };
    const options = { log, timeoutMs: values.timeout, signal: io.signal };
    const result = await reading(() =>
      url === undefined
        ? submitGrpc(grpc ?? '', submission, { ...options, ca })
        : submitHttp(url, submission, { ...options, fetch }),
    );
    const entry = loggedEntry(result);
    writeBundle(
      bundle,
      makeBundle({
        artifact: { digest: signed.digest },
        signature: signed.signature,
        signer: { kind: 'public-key', publicKey: key.verifier.rawBytes },
        entry,
      }),
    );
    printEntry(
      io,
      values.json,
      entry,
      { bundle, duplicate: result.kind === 'exists', newKey: values['new-key'] ?? null },
      key,
      log,
    );
    return 0;
  },
});

function printEntry(
  io: Io,
  json: boolean,
  entry: LogEntry,
  more: { bundle: string; duplicate: boolean; newKey: string | null },
  key: ArtifactKey,
  log: TrustedLog,
): void {
  const facts = {
    logIndex: entry.index,
    origin: log.origin,
    logId: encodeBase64(log.logId),
    treeSize: entry.checkpoint.size,
    keyDetails: key.keyDetails,
    ...more,
  };
  const shown = { logIndex: 'Index', origin: 'Log', treeSize: 'Tree size', bundle: 'Bundle', newKey: 'New key' };
  printFacts(io, json, facts, more.duplicate ? { ...shown, duplicate: 'Logged before' } : shown);
}

function writeBundle(path: string, text: string): void {
  try {
    writeWhole(path, text);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new CommandError('failed', `the entry is in the log, but ${path} cannot be written: ${why}`, { cause });
  }
}
