import { join } from 'node:path';
import type { ServerFacts } from '../serve/server-facts.ts';
import type { TrustDocuments } from './trust-documents.ts';

/** What `npm start` says on standard output once the log is ready: the facts, and commands that work as they stand. */
export function banner(
  facts: ServerFacts,
  storage: string,
  directory: string,
  documents: TrustDocuments | undefined,
): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Origin', facts.origin],
    ['Log id', facts.logId],
    ['Public key (vkey)', facts.vkey],
    ['HTTP', facts.httpUrl],
    ['gRPC', facts.grpcTarget],
    ['Metrics', facts.metricsUrl],
    ['Log directory', storage],
    ...(documents === undefined
      ? []
      : ([
          ['Trusted root', documents.trustedRoot],
          ['Signing config', documents.signingConfig],
        ] as const)),
  ];
  return [
    '',
    'Your transparency log is running.',
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(18)} ${value}`),
    ...(documents && documents.written.length > 0
      ? ['', `Wrote ${documents.written.join(' and ')}; a start keeps them in step with the key and the URL.`]
      : []),
    '',
    'Try it in another terminal:',
    '',
    ...examples(facts, directory, documents).map((line) => `  ${line}`),
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}

function examples(facts: ServerFacts, directory: string, documents: TrustDocuments | undefined): string[] {
  const key = join(directory, 'my-key.pem');
  const trust = documents === undefined ? `--vkey '${facts.vkey}'` : `--trusted-root ${documents.trustedRoot}`;
  return [
    'echo hello > hello.txt',
    `npx tilewright submit hello.txt --url ${facts.httpUrl} --new-key ${key} ${trust}`,
    `npx tilewright verify hello.txt.sigstore.json hello.txt --key ${key}.pub ${trust}`,
    `npx tilewright log fsck ${facts.httpUrl} --vkey '${facts.vkey}'`,
  ];
}
