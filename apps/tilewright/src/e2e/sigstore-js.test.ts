import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFromJSON, bundleToJSON } from '@sigstore/bundle';
import { SigningConfig, TrustedRoot } from '@sigstore/protobuf-specs';
import { bundleBuilderFromSigningConfig } from '@sigstore/sign';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { formatSigningConfig, formatTrustedRoot, makeSigningConfig, makeTrustedRoot } from '@tilewright/trust';
import { expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';
import { logPlace, serveHere } from '../testing/running-log.ts';
import { sigstoreServices } from '../testing/sigstore-services.ts';

const SUBJECT = 'https://ci.example.com/job/7';
const ISSUER = 'https://issuer.example.com';

test('sigstore-js signs with certificate and time stamp, writes to our log, and the bundle verifies there and here', async () => {
  const place = await logPlace();
  await serveHere(place);
  const services = await sigstoreServices();
  const validFor = { start: '2026-01-31T00:00:00Z' };
  const service = { majorApiVersion: 1, validFor, operator: 'test' };
  const config = makeSigningConfig({
    caUrls: [{ ...service, url: services.url }],
    oidcUrls: [{ ...service, url: ISSUER }],
    rekorTlogUrls: [{ ...service, url: place.url, majorApiVersion: 2 }],
    tsaUrls: [{ ...service, url: `${services.url}/api/v1/timestamp` }],
  });
  const root = formatTrustedRoot(
    makeTrustedRoot({ tlogs: [{ baseUrl: place.url, ...place.key, validFor }], ...services.trusted }),
  );
  const builder = bundleBuilderFromSigningConfig({
    signingConfig: SigningConfig.fromJSON(JSON.parse(formatSigningConfig(config))),
    identityProvider: { getToken: async () => services.token(SUBJECT, ISSUER) },
    bundleType: 'messageSignature',
  });
  const artifact = Buffer.from('hello, world');
  const bundle = await builder.create({ data: artifact });
  const json = JSON.stringify(bundleToJSON(bundle));
  expect(bundle.verificationMaterial.tlogEntries[0]).toMatchObject({
    logIndex: '0',
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
  });

  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root))));
  const signer = verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(json)), artifact));
  expect(signer.identity).toMatchObject({ subjectAlternativeName: SUBJECT, extensions: { issuer: ISSUER } });

  const [bundleFile, file, rootFile] = ['bundle.json', 'artifact', 'root.json'].map((name) =>
    join(place.directory, name),
  );
  writeFileSync(bundleFile ?? '', json);
  writeFileSync(file ?? '', artifact);
  writeFileSync(rootFile ?? '', root);
  const verify = (subject: string, issuer: string) =>
    runCli([
      'verify',
      bundleFile ?? '',
      file ?? '',
      '--trusted-root',
      rootFile ?? '',
      '--certificate-identity',
      subject,
      '--certificate-oidc-issuer',
      issuer,
      '--json',
    ]);
  const good = await verify(SUBJECT, ISSUER);
  expect([good.status, good.err]).toEqual([0, '']);
  expect(JSON.parse(good.out)).toMatchObject({
    verified: true,
    identity: SUBJECT,
    issuer: ISSUER,
    origin: 'localhost',
    logIndex: 0,
  });
  for (const [subject, issuer] of [
    [`${SUBJECT}1`, ISSUER],
    ['https://ci.example.com/job/.', ISSUER],
    [SUBJECT.slice(0, -2), ISSUER],
    [SUBJECT, `${ISSUER}.evil`],
  ]) {
    const bad = await verify(subject ?? '', issuer ?? '');
    expect([bad.status, bad.out]).toEqual([1, '']);
    expect(bad.err).toContain('the certificate does not hold');
  }
  const anonymous = await runCli(['verify', bundleFile ?? '', file ?? '', '--trusted-root', rootFile ?? '']);
  expect([anonymous.status, anonymous.err]).toEqual([2, expect.stringContaining('--certificate-identity')]);
});

test('a certificate that no authority of the trusted root issued is refused', async () => {
  const place = await logPlace();
  await serveHere(place);
  const [services, strangers] = await Promise.all([sigstoreServices(), sigstoreServices()]);
  const validFor = { start: '2026-01-31T00:00:00Z' };
  const service = { majorApiVersion: 1, validFor, operator: 'test' };
  const config = makeSigningConfig({
    caUrls: [{ ...service, url: services.url }],
    rekorTlogUrls: [{ ...service, url: place.url, majorApiVersion: 2 }],
    tsaUrls: [{ ...service, url: `${services.url}/api/v1/timestamp` }],
  });
  const builder = bundleBuilderFromSigningConfig({
    signingConfig: SigningConfig.fromJSON(JSON.parse(formatSigningConfig(config))),
    identityProvider: { getToken: async () => services.token(SUBJECT, ISSUER) },
    bundleType: 'messageSignature',
  });
  const bundleFile = join(place.directory, 'bundle.json');
  const file = join(place.directory, 'artifact');
  const rootFile = join(place.directory, 'root.json');
  writeFileSync(file, 'x');
  writeFileSync(bundleFile, JSON.stringify(bundleToJSON(await builder.create({ data: Buffer.from('x') }))));
  const tlogs = [{ baseUrl: place.url, ...place.key, validFor }];
  const identity = ['--certificate-identity', SUBJECT, '--certificate-oidc-issuer', ISSUER];
  for (const trusted of [
    { ...services.trusted, certificateAuthorities: strangers.trusted.certificateAuthorities },
    { ...services.trusted, timestampAuthorities: [] },
    { ...services.trusted, ctlogs: strangers.trusted.ctlogs },
  ]) {
    writeFileSync(rootFile, formatTrustedRoot(makeTrustedRoot({ tlogs, ...trusted })));
    const { status, err } = await runCli(['verify', bundleFile, file, '--trusted-root', rootFile, ...identity]);
    expect([status, err]).toEqual([1, expect.stringContaining('the certificate does not hold')]);
  }
});
