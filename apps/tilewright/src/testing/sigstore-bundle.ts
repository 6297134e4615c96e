import { bundleFromJSON, bundleToJSON } from '@sigstore/bundle';
import { SigningConfig, TrustedRoot } from '@sigstore/protobuf-specs';
import { bundleBuilderFromSigningConfig } from '@sigstore/sign';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import type { LogVerifier } from '@tilewright/signer';
import { formatSigningConfig, formatTrustedRoot, makeSigningConfig, makeTrustedRoot } from '@tilewright/trust';
import { sigstoreServices } from './sigstore-services.ts';

const SUBJECT = 'https://ci.example.com/job/7';

/**
 * Has sigstore-js sign something and enter it in the log at `url`; the identity that `@sigstore/verify` then finds in the
 * bundle. Throws what it throws.
 */
export async function sigstoreIdentity(url: string, key: LogVerifier): Promise<string | undefined> {
  const services = await sigstoreServices();
  const validFor = { start: '2026-01-31T00:00:00Z' };
  const service = { majorApiVersion: 1, validFor, operator: 'test' };
  const config = makeSigningConfig({
    caUrls: [{ ...service, url: services.url }],
    rekorTlogUrls: [{ ...service, url, majorApiVersion: 2 }],
    tsaUrls: [{ ...service, url: `${services.url}/api/v1/timestamp` }],
  });
  const builder = bundleBuilderFromSigningConfig({
    signingConfig: SigningConfig.fromJSON(JSON.parse(formatSigningConfig(config))),
    identityProvider: { getToken: async () => services.token(SUBJECT, 'https://issuer.example.com') },
    bundleType: 'messageSignature',
  });
  const artifact = Buffer.from('hello, world');
  const bundle = bundleFromJSON(bundleToJSON(await builder.create({ data: artifact })));
  const root = formatTrustedRoot(makeTrustedRoot({ tlogs: [{ baseUrl: url, ...key, validFor }], ...services.trusted }));
  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root))));
  const { identity } = verifier.verify(toSignedEntity(bundle, artifact));
  return identity?.subjectAlternativeName === SUBJECT ? SUBJECT : undefined;
}
