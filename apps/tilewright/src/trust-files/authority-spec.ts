import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AuthorityInput } from '@tilewright/trust';
import { CommandError } from '../cli/command-error.ts';
import { parseServiceSpec, specPeriod } from './service-spec.ts';

/** Reads one `--fulcio` or `--tsa` of `trusted-root create`: the chain is a PEM file, leaf-most certificate first, root last. */
export function parseAuthoritySpec(flag: 'fulcio' | 'tsa', text: string): AuthorityInput {
  const spec = parseServiceSpec(flag, text, ['url', 'certificate-chain'], ['start-time', 'end-time']);
  const file = spec.get('certificate-chain') ?? '';
  try {
    const chain = pemCertificates(readFileSync(file, 'utf8'));
    const [first, root] = [chain.at(0), chain.at(-1)];
    if (first === undefined || root === undefined) throw new Error(`${file} holds no PEM certificate`);
    const period = specPeriod(spec);
    return {
      uri: spec.get('url') ?? '',
      certChain: chain.map((certificate) => certificate.raw),
      subject: { organization: subjectPart(root, 'O'), commonName: subjectPart(root, 'CN') },
      validFor: { ...period, start: period.start === '' ? first.validFromDate : period.start },
    };
  } catch (error) {
    throw new CommandError('usage', `--${flag}: ${(error as Error).message}`, { cause: error });
  }
}

function pemCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

function subjectPart(certificate: X509Certificate, name: 'O' | 'CN'): string {
  const line = certificate.subject.split('\n').find((part) => part.startsWith(`${name}=`));
  return line?.slice(name.length + 1) ?? '';
}
