import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { SignerError } from '../../signer-error.ts';
import { awsKekName, awsSigningName, isAwsKey } from './aws-names.ts';

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const ACCOUNT = 'arn:aws:kms:us-east-2:111122223333:';
const ARN = `${ACCOUNT}key/${ID}`;
const OTHER = `${ACCOUNT}key/00000000-12ab-34cd-56ef-1234567890ab`;

test.each([
  [ARN, 'us-east-2'],
  [`${ACCOUNT}alias/the/alias`, 'us-east-2'],
  ['arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab', 'us-gov-west-1'],
  ['arn:aws-cn:kms:cn-north-1:111122223333:alias/a', 'cn-north-1'],
])('aws-kms://%s is a URI of Tink', (keyId, region) => {
  expect(awsKekName(`aws-kms://${keyId}`)).toEqual({ keyId, region, endpoint: undefined });
  expect(awsSigningName(`aws-kms://${keyId}`)).toEqual({ keyId, region, endpoint: undefined });
});

test.each([
  [`awskms:///${ID}`, ID, undefined, undefined],
  [`awskms://localhost:4566/${ID}`, ID, undefined, 'https://localhost:4566'],
  [`awskms:///${ARN}`, ARN, 'us-east-2', undefined],
  [`awskms://kms.example/${ARN}`, ARN, 'us-east-2', 'https://kms.example'],
  ['awskms:///alias/ExampleAlias', 'alias/ExampleAlias', undefined, undefined],
  [`awskms:///${ACCOUNT}alias/a`, `${ACCOUNT}alias/a`, 'us-east-2', undefined],
])('%s is a URI of Sigstore', (uri, keyId, region, endpoint) => {
  expect(awsSigningName(uri)).toEqual({ keyId, region, endpoint });
});

test.each([
  ARN,
  `awskms:///${ARN}`,
  `aws-kms:///${ARN}`,
  `aws-kms://${ID}`,
  'aws-kms://alias/a',
  `aws-kms://${ARN}/x`,
  'aws-kms://arn:aws:s3:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
])('%s names no key that encrypts', (uri) => {
  const error = expectCode(() => awsKekName(uri), SignerError, 'bad-uri');
  expect(error.message).toContain('aws-kms://arn:aws:kms:REGION:ACCOUNT:key/ID');
});

test.each([
  ARN,
  `awskms://${ID}`,
  `awskms://${ARN}`,
  'awskms:///',
  'awskms:///key',
  'awskms:///alias/',
  'awskms://h/x/alias/a',
])('%s names no key that signs', (uri) => {
  expectCode(() => awsSigningName(uri), SignerError, 'bad-uri');
});

test('an answer names a key by its ARN', () => {
  expect(isAwsKey(ARN, ARN)).toBe(true);
  expect(isAwsKey(ID, ARN)).toBe(true);
  expect(isAwsKey('alias/a', ARN)).toBe(true);
  expect(isAwsKey(`${ACCOUNT}alias/a`, ARN)).toBe(true);
  expect(isAwsKey(ARN, OTHER)).toBe(false);
  expect(isAwsKey(ID, OTHER)).toBe(false);
  expect(isAwsKey(`${ACCOUNT}alias/a`, ARN.replace('111122223333', '444455556666'))).toBe(false);
  expect(isAwsKey('alias/a', 'alias/a')).toBe(false);
  expect(isAwsKey(ID, ID)).toBe(false);
});
