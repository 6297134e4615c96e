import { formatTrustedRoot, makeTrustedRoot, TrustError, trustedRootWarnings } from '@tilewright/trust';
import { type Command, defineCommand } from '../cli/command.ts';
import { CommandError } from '../cli/command-error.ts';
import { parseAuthoritySpec } from '../trust-files/authority-spec.ts';
import { parseLogSpec } from '../trust-files/log-spec.ts';
import { writeDocument } from '../trust-files/write-document.ts';

/** `tilewright trusted-root create`. */
export const trustedRootCreate: Command = defineCommand({
  name: 'trusted-root create',
  summary: 'Write the TrustedRoot file that Sigstore clients verify with',
  description:
    'Writes a TrustedRoot v0.1: the keys and certificates that a Sigstore client trusts. The flags are those of "cosign trusted-root create"; each may be repeated, newest first.\n\nTimes are RFC 3339 (2026-01-31T00:00:00Z). What real clients stumble over is a warning on standard error.',
  usage: '[flags]',
  examples: [
    'tilewright trusted-root create --rekor "url=https://rekor.example.com,public-key=log.pub,origin=rekor.example.com,start-time=2026-01-31T00:00:00Z" --out trusted_root.json',
  ],
  args: { min: 0, max: 0 },
  flags: {
    rekor: {
      type: 'repeated',
      placeholder: '"url=,public-key=,origin=,start-time=[,end-time=]"',
      help: 'A transparency log: its URL, the file with its public key (PEM), and its origin. vkey= can stand for the two. Without an origin the log id is that of a Rekor v1 log.',
    },
    fulcio: {
      type: 'repeated',
      placeholder: '"url=,certificate-chain=[,start-time=,end-time=]"',
      help: 'A certificate authority: its URL and a PEM file with its certificates, root last. It starts with its first certificate unless told otherwise.',
    },
    ctfe: {
      type: 'repeated',
      placeholder: '"url=,public-key=,start-time=[,end-time=]"',
      help: 'A certificate transparency log.',
    },
    tsa: {
      type: 'repeated',
      placeholder: '"url=,certificate-chain=[,start-time=,end-time=]"',
      help: 'A time-stamp authority. Give each a URL of its own: clients count two with one URL once.',
    },
    out: { type: 'string', placeholder: 'FILE', help: 'Where to write; without it, standard output.' },
  },
  async run({ resolved: { values } }, io) {
    const logs = values.rekor.map((text) => parseLogSpec('rekor', text));
    const input = {
      tlogs: logs.map(({ log }) => log),
      certificateAuthorities: values.fulcio.map((text) => parseAuthoritySpec('fulcio', text)),
      ctlogs: values.ctfe.map((text) => parseLogSpec('ctfe', text).log),
      timestampAuthorities: values.tsa.map((text) => parseAuthoritySpec('tsa', text)),
    };
    if (Object.values(input).every((list) => list.length === 0)) {
      throw new CommandError('usage', 'nothing to trust: give at least one --rekor, --fulcio, --ctfe or --tsa');
    }
    try {
      const root = makeTrustedRoot(input);
      for (const warning of trustedRootWarnings(
        root,
        logs.map(({ origin }) => origin),
      )) {
        io.err(`warning: ${warning.path}: ${warning.message}`);
      }
      writeDocument(formatTrustedRoot(root), values.out, io);
      return 0;
    } catch (error) {
      throw error instanceof TrustError ? new CommandError('usage', error.message, { cause: error }) : error;
    }
  },
});
