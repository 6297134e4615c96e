import { SignerError } from '../../signer-error.ts';
import { clip } from '../call/kms-fault.ts';

const SEGMENT = '[A-Za-z0-9_.:-]{1,100}';
const KEY = `projects/${SEGMENT}/locations/${SEGMENT}/keyRings/${SEGMENT}/cryptoKeys/${SEGMENT}`;
const KEK_URI = new RegExp(`^gcp-kms://(${KEY})$`);
const SIGNING_URI = new RegExp(`^gcpkms://(${KEY})(?:/(?:cryptoKeyVersions|versions)/([1-9][0-9]{0,9}))?$`);
const VERSION = new RegExp(`^${KEY}/cryptoKeyVersions/([1-9][0-9]{0,9})$`);
const PROJECT = /^projects\/([^/]+)\/(.+)$/;

/** A signing key of Google Cloud KMS. */
export interface GcpSigningName {
  /** The key: `projects/.../cryptoKeys/...`. */
  readonly key: string;
  /** The version, below the key, when the URI names one. */
  readonly version: string | undefined;
}

/** The key that a `gcp-kms://` URI of Tink names. @throws SignerError `bad-uri` */
export function gcpKekName(uri: string): string {
  return (
    KEK_URI.exec(uri)?.[1] ?? refuse(uri, 'gcp-kms://projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY')
  );
}

/** What a `gcpkms://` URI of Sigstore names. @throws SignerError `bad-uri` */
export function gcpSigningName(uri: string): GcpSigningName {
  const [, key, version] = SIGNING_URI.exec(uri) ?? [];
  if (key === undefined) {
    refuse(
      uri,
      'gcpkms://projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY[/cryptoKeyVersions/VERSION]',
    );
  }
  return { key, version: version === undefined ? undefined : gcpVersionName(key, Number(version)) };
}

/** The name of a version of a key. */
export function gcpVersionName(key: string, version: number): string {
  return `${key}/cryptoKeyVersions/${version}`;
}

/** The number at the end of a version's name; `undefined` for a name of something else. */
export function gcpVersionNumber(name: string): number | undefined {
  const digits = VERSION.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Whether two names are of the same thing: a project has an id and a number, and an answer may use the other one. */
export function isSameGcpName(asked: string, answered: string): boolean {
  if (asked === answered) return true;
  const [, askedProject = '', askedRest] = PROJECT.exec(asked) ?? [];
  const [, answeredProject = '', answeredRest] = PROJECT.exec(answered) ?? [];
  const isNumbered = /^\d+$/.test(askedProject) !== /^\d+$/.test(answeredProject);
  return isNumbered && askedRest !== undefined && askedRest === answeredRest;
}

function refuse(uri: string, form: string): never {
  throw new SignerError('bad-uri', `"${clip(uri)}" does not name a key of Google Cloud KMS; write ${form}`);
}
