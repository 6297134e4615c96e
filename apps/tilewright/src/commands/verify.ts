import { readFileSync } from 'node:fs';
import {
  type Bundle,
  certificateKey,
  parseBundle,
  type SigningKey,
  signingKey,
  type VerifiedBundle,
  verifyBundle,
} from '@tilewright/client';
import { encodeBase64 } from '@tilewright/core/bytes';
import { createVerifySignature, portableEcdsa } from '@tilewright/rekor-server/verify';
import { type Command, defineCommand } from '../cli/command.ts';
import { CommandError } from '../cli/command-error.ts';
import { readableFileProblem } from '../files/readable-file.ts';
import { readablePem } from '../files/readable-pem.ts';
import { logKeyFlags } from '../reading/log-key.ts';
import { reading } from '../reading/open-source.ts';
import { hashFile } from '../signing/sign-file.ts';
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
    const bundle = readablePem('<bundle>', bundleFile);
    const unreadable = readableFileProblem('<file>', file);
    if (unreadable !== undefined) throw new CommandError('usage', unreadable);
    const publicKey = values.key === undefined ? undefined : readablePem('--key', values.key);
    const verified = await reading(async () => {
      const parsed = parseBundle(bundle);
      const artifact = { digest: await hashFile(file, keyOf(parsed, publicKey).hash.node, io.signal) };
      const verifySignature = createVerifySignature(portableEcdsa);
      return verifyBundle(parsed, artifact, { trustedRoot: root, publicKey, verifySignature });
    });
    const identity = verified.kind === 'certificate' ? await checkCertificate(bundle, file, text, values) : {};
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
  file: string,
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
  verifyCertificate(bundle, readWhole(file), trustedRoot, { subject, issuer });
  return { identity: subject, issuer };
}

function keyOf({ signer }: Bundle, publicKey: string | undefined): SigningKey {
  if (signer.kind === 'certificate') return certificateKey(signer.certificate);
  if (publicKey !== undefined) return signingKey(publicKey);
  throw new CommandError(
    'usage',
    'the bundle was signed with a bare key: give the public key that you trust with --key',
  );
}

/** sigstore-js wants the artifact in memory. */
function readWhole(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new CommandError('failed', `${file} cannot be read into memory: ${(cause as Error).message}`, { cause });
  }
}
