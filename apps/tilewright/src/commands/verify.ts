import { readFileSync } from 'node:fs';
import { parseBundle, type VerifiedBundle, verifyBundle } from '@tilewright/client';
import { encodeBase64 } from '@tilewright/core/bytes';
import { type Command, defineCommand } from '../cli/command.ts';
import { CommandError } from '../cli/command-error.ts';
import { readableFileProblem } from '../files/readable-file.ts';
import { readablePem } from '../files/readable-pem.ts';
import { logKeyFlags } from '../reading/log-key.ts';
import { reading } from '../reading/open-source.ts';
import { readTrustedRoot, trustedRootFlag } from '../signing/trusted-log.ts';
import { jsonFlag, printFacts } from '../terminal/print-facts.ts';

/** `tilewright verify`. */
export const verify: Command = defineCommand({
  name: 'verify',
  summary: 'Verify a Sigstore bundle and its file against a trusted root',
  description:
    'Verifies, without any network: that the file is the one that was signed, that the signature is good, and that a trusted Rekor v2 log holds exactly this signature.\n\nA bundle that was signed with a bare key needs that public key (--key). One with a certificate needs the identity that must have signed, and a trusted root with the certificate authority and a time-stamp authority; chain, time and identity are then checked by sigstore-js.',
  usage: '<bundle> <file> [flags]',
  examples: [
    'tilewright verify hello.txt.sigstore.json hello.txt --key my-key.pem.pub --trusted-root data/trusted_root.json',
    'tilewright verify app.sigstore.json app --trusted-root trusted_root.json --certificate-identity dev@example.com --certificate-oidc-issuer https://issuer.example.com',
  ],
  args: { min: 2, max: 2 },
  flags: {
    key: {
      type: 'string',
      placeholder: 'FILE',
      help: 'Public key (PEM) that must have signed, for bundles without a certificate.',
    },
    'certificate-identity': {
      type: 'string',
      placeholder: 'TEXT',
      help: 'Email address or URI that the certificate must be for, as a whole.',
    },
    'certificate-oidc-issuer': {
      type: 'string',
      placeholder: 'URL',
      help: 'OpenID Connect issuer that must have vouched for the identity.',
    },
    ...trustedRootFlag,
    ...logKeyFlags,
    ...jsonFlag,
  },
  async run({ args: [bundleFile = '', file = ''], resolved: { values } }, io) {
    const { root, text } = readTrustedRoot(values);
    const bundle = readInput('<bundle>', bundleFile).toString('utf8');
    const artifact = readInput('<file>', file);
    const publicKey = values.key === undefined ? undefined : readablePem('--key', values.key);
    const verified = await reading(async () => {
      const parsed = parseBundle(bundle);
      if (parsed.signer.kind === 'public-key' && publicKey === undefined) {
        throw new CommandError(
          'usage',
          'the bundle was signed with a bare key: give the public key that you trust with --key',
        );
      }
      return verifyBundle(parsed, artifact, { trustedRoot: root, publicKey });
    });
    const identity = verified.kind === 'certificate' ? await checkCertificate(bundle, artifact, text, values) : {};
    printFacts(io, values.json, { verified: true, ...identity, ...entryFacts(verified) }, SHOWN);
    return 0;
  },
});

const SHOWN = {
  verified: 'Verified',
  identity: 'Signed by',
  issuer: 'Issuer',
  origin: 'Log',
  logIndex: 'Index',
  treeSize: 'Tree size',
};

function entryFacts({ entry }: VerifiedBundle) {
  return {
    origin: entry.origin,
    logIndex: entry.index,
    treeSize: entry.checkpoint.size,
    logId: encodeBase64(entry.logId),
  };
}

async function checkCertificate(
  bundle: string,
  artifact: Uint8Array,
  trustedRoot: string | undefined,
  values: {
    readonly 'certificate-identity': string | undefined;
    readonly 'certificate-oidc-issuer': string | undefined;
  },
): Promise<{ identity: string; issuer: string }> {
  const { 'certificate-identity': subject, 'certificate-oidc-issuer': issuer } = values;
  if (subject === undefined || issuer === undefined) {
    throw new CommandError(
      'usage',
      'the bundle holds a certificate: say who must have signed, with --certificate-identity and --certificate-oidc-issuer',
    );
  }
  if (trustedRoot === undefined)
    throw new CommandError('usage', 'the bundle holds a certificate: its authorities stand in a --trusted-root');
  // Only bundles with a certificate pay for the library.
  const { verifyCertificate } = await import('../signing/certificate-bundle.ts');
  verifyCertificate(bundle, artifact, trustedRoot, { subject, issuer });
  return { identity: subject, issuer };
}

function readInput(word: string, path: string): Buffer {
  const unreadable = readableFileProblem(word, path);
  if (unreadable !== undefined) throw new CommandError('usage', unreadable);
  return readFileSync(path);
}
