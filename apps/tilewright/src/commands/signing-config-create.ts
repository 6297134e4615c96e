import { readFileSync } from 'node:fs';
import {
  formatSigningConfig,
  makeSigningConfig,
  parseSigningConfig,
  type Service,
  type ServiceInput,
  type SigningConfig,
  signingConfigWarnings,
  TrustError,
} from '@tilewright/trust';
import { type Command, defineCommand } from '../cli/command.ts';
import { CommandError } from '../cli/command-error.ts';
import { parseSelection, parseServiceInput } from '../trust-files/service-input.ts';
import { writeDocument } from '../trust-files/write-document.ts';

const SERVICE = '"url=,api-version=,start-time=,operator=[,end-time=]"';

/** `tilewright signing-config create`. */
export const signingConfigCreate: Command = defineCommand({
  name: 'signing-config create',
  summary: 'Write the SigningConfig file that tells Sigstore clients where to sign',
  description:
    'Writes a SigningConfig v0.2: the services that a Sigstore client signs with. The flags are those of "cosign signing-config create"; each service may be repeated, newest first.\n\nTimes are RFC 3339 (2026-01-31T00:00:00Z). What real clients stumble over is a warning on standard error.',
  usage: '[flags]',
  examples: [
    'tilewright signing-config create --rekor "url=https://rekor.example.com,api-version=2,start-time=2026-01-31T00:00:00Z,operator=example.com" --rekor-config ANY --out signing_config.json',
  ],
  args: { min: 0, max: 0 },
  flags: {
    rekor: { type: 'repeated', placeholder: SERVICE, help: 'A transparency log; api-version=2 for Rekor v2.' },
    'rekor-config': {
      type: 'string',
      placeholder: 'ANY|ALL|EXACT:n',
      help: 'How many of the logs a client uses. ANY unless told otherwise: sigstore-js accepts nothing else.',
    },
    fulcio: { type: 'repeated', placeholder: SERVICE, help: 'A certificate authority.' },
    'oidc-provider': { type: 'repeated', placeholder: SERVICE, help: 'An OpenID Connect provider.' },
    tsa: {
      type: 'repeated',
      placeholder: SERVICE,
      help: 'A time-stamp authority, with the whole URL that requests go to.',
    },
    'tsa-config': {
      type: 'string',
      placeholder: 'ANY|ALL|EXACT:n',
      help: 'How many of the time-stamp authorities a client uses. ANY unless told otherwise.',
    },
    'base-config': {
      type: 'string',
      placeholder: 'FILE',
      help: 'A SigningConfig to start from; the services given here replace those of their kind in it.',
    },
    out: { type: 'string', placeholder: 'FILE', help: 'Where to write; without it, standard output.' },
  },
  async run({ resolved: { values } }, io) {
    try {
      const base =
        values['base-config'] === undefined ? undefined : parseSigningConfig(readFileSync(values['base-config']));
      const selection = (flag: 'rekor-config' | 'tsa-config') =>
        values[flag] === undefined ? undefined : parseSelection(flag, values[flag]);
      const rekorTlogConfig = selection('rekor-config') ?? base?.rekorTlogConfig;
      const tsaConfig = selection('tsa-config') ?? base?.tsaConfig;
      const config = makeSigningConfig({
        caUrls: services('fulcio', values.fulcio, base?.caUrls),
        oidcUrls: services('oidc-provider', values['oidc-provider'], base?.oidcUrls),
        rekorTlogUrls: services('rekor', values.rekor, base?.rekorTlogUrls),
        ...(rekorTlogConfig && { rekorTlogConfig }),
        tsaUrls: services('tsa', values.tsa, base?.tsaUrls),
        ...(tsaConfig && { tsaConfig }),
      });
      requireServices(config);
      for (const warning of signingConfigWarnings(config, Date.now()))
        io.err(`warning: ${warning.path}: ${warning.message}`);
      writeDocument(formatSigningConfig(config), values.out, io);
      return 0;
    } catch (error) {
      if (error instanceof TrustError) throw new CommandError('usage', error.message, { cause: error });
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        throw new CommandError('usage', `--base-config: there is no file ${values['base-config']}`);
      throw error;
    }
  },
});

function services(flag: string, given: readonly string[], base: readonly Service[] = []): ServiceInput[] {
  if (given.length > 0) return given.map((text) => parseServiceInput(flag, text));
  return base.map((service) => ({ ...service, operator: service.operator ?? '' }));
}

function requireServices(config: SigningConfig): void {
  const { caUrls, oidcUrls, rekorTlogUrls, tsaUrls } = config;
  if ([caUrls, oidcUrls, rekorTlogUrls, tsaUrls].some((list) => list.length > 0)) return;
  throw new CommandError(
    'usage',
    'nothing to sign with: give at least one --rekor, --fulcio, --oidc-provider or --tsa',
  );
}
