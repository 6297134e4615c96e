import { SignerError } from '../../signer-error.ts';
import { clip } from '../call/kms-fault.ts';

const ID = '(?:mrk-)?[0-9A-Fa-f-]{32,36}';
const ALIAS = 'alias/[A-Za-z0-9/_-]{1,250}';
const ARN = `arn:aws[a-z-]*:kms:([a-z0-9-]{1,40}):[0-9]{12}:(?:key/${ID}|${ALIAS})`;
const TINK_URI = new RegExp(`^aws-kms://(${ARN})$`);
const SIGNING_URI = new RegExp(`^awskms://((?!arn:)[^/]*)/(${ARN}|${ID}|${ALIAS})$`);
const KEY_ARN = new RegExp(`^(arn:aws[a-z-]*:kms:[a-z0-9-]{1,40}:[0-9]{12}:)key/(${ID})$`);

/** A key of AWS KMS. */
export interface AwsKeyName {
  /** An ARN, an id or `alias/NAME`. */
  readonly keyId: string;
  /** The region that an ARN names. */
  readonly region: string | undefined;
  /** Where the URI says that the service answers: `https://HOST[:PORT]`. */
  readonly endpoint: string | undefined;
}

/** The key that an `aws-kms://` URI of Tink names. @throws SignerError `bad-uri` */
export function awsKekName(uri: string): AwsKeyName {
  const [, keyId, region] = TINK_URI.exec(uri) ?? [];
  if (keyId === undefined) refuse(uri, 'aws-kms://arn:aws:kms:REGION:ACCOUNT:key/ID, or :alias/NAME at the end');
  return { keyId, region, endpoint: undefined };
}

/** What an `awskms://` URI of Sigstore names, or an `aws-kms://` one. @throws SignerError `bad-uri` */
export function awsSigningName(uri: string): AwsKeyName {
  if (uri.startsWith('aws-kms://')) return awsKekName(uri);
  const [, host, keyId, region] = SIGNING_URI.exec(uri) ?? [];
  if (keyId === undefined) refuse(uri, 'awskms://[HOST[:PORT]]/KEY, where KEY is an id, alias/NAME or an ARN');
  return { keyId, region, endpoint: host === '' || host === undefined ? undefined : `https://${host}` };
}

/** Whether an answer about the key `answered`, always an ARN of a key, can be about the key that was named. */
export function isAwsKey(named: string, answered: string): boolean {
  const [, account, id] = KEY_ARN.exec(answered) ?? [];
  if (account === undefined) return false;
  if (named.startsWith('alias/')) return true;
  if (!named.startsWith('arn:')) return named === id;
  return named === answered || named.startsWith(`${account}alias/`);
}

function refuse(uri: string, form: string): never {
  throw new SignerError('bad-uri', `"${clip(uri)}" does not name a key of AWS KMS; write ${form}`);
}
