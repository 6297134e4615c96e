import { encodeUtf8 } from '@tilewright/core/bytes';
import { expectCodeAsync } from '@tilewright/core/testing';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { KeyEncryptionKey } from '../../kek/key-encryption-key.ts';
import type { SigningKey } from '../../keys/signing-key.ts';
import { SignerError, type SignerErrorCode } from '../../signer-error.ts';
import {
  type AwsKmsServer,
  type GcpKmsServer,
  type KmsTestFault,
  startAwsKmsServer,
  startGcpKmsServer,
} from '../../testing/index.ts';
import { openAwsKek } from '../aws-kek.ts';
import { openGcpKek } from '../gcp-kek.ts';
import type { KmsOptions } from '../kms-options.ts';
import { openKmsKey } from '../open-kms-key.ts';

const NOTHING = new Uint8Array();
const MESSAGE = encodeUtf8('a checkpoint\n');
const RETRIES = 2;

/** Everything that is asked of a service. */
interface Asked {
  readonly kek: KeyEncryptionKey;
  readonly key: SigningKey;
  readonly ciphertext: Uint8Array;
  openKey(): Promise<SigningKey>;
}
interface Service {
  readonly server: GcpKmsServer | AwsKmsServer;
  readonly kekUri: string;
  readonly keyUri: string;
  readonly endpoint: Partial<KmsOptions>;
  readonly openKek: (uri: string, options: KmsOptions) => Promise<KeyEncryptionKey>;
}

const services: Record<string, Service> = {};
beforeAll(async () => {
  const gcp = await startGcpKmsServer();
  services.gcp = {
    server: gcp,
    kekUri: `gcp-kms://${gcp.keys.addCipher('kek')}`,
    keyUri: `gcpkms://${gcp.keys.addVersion('key', 'EC_SIGN_P256_SHA256').name.replace(/\/cryptoKeyVersions.*/, '')}`,
    endpoint: { gcpEndpoint: gcp.endpoint },
    openKek: openGcpKek,
  };
  const aws = await startAwsKmsServer();
  services.aws = {
    server: aws,
    kekUri: `aws-kms://${aws.keys.addCipher().arn}`,
    keyUri: `awskms:///${aws.keys.addSigningKey('ECC_NIST_P256').arn}`,
    endpoint: { awsEndpoint: aws.endpoint },
    openKek: openAwsKek,
  };
});
afterEach(() => {
  for (const { server } of Object.values(services)) server.faults.clear();
});
afterAll(async () => {
  for (const { server } of Object.values(services)) await server.close();
});

function service(name: string): Service {
  const found = services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

/** Opens all that there is, and uses it once: connections are there when the faults begin. */
async function warm({ kekUri, keyUri, endpoint, openKek }: Service, more: Partial<KmsOptions> = {}): Promise<Asked> {
  const patient: KmsOptions = { timeoutMs: 10_000, retries: RETRIES, ...endpoint };
  const kek = await openKek(kekUri, { ...patient, ...more });
  const key = await openKmsKey(keyUri, 'sha256', { ...patient, ...more });
  onTestFinished(async () => {
    await kek.close?.();
    await key.close?.();
  });
  const openKey = async (): Promise<SigningKey> => {
    const opened = await openKmsKey(keyUri, 'sha256', { ...patient, ...more });
    await opened.close?.();
    return opened;
  };
  await key.sign(MESSAGE);
  return { kek, key, ciphertext: await kek.encrypt(MESSAGE, NOTHING), openKey };
}

const WORK: Readonly<Record<string, (asked: Asked) => Promise<unknown>>> = {
  encrypt: ({ kek }) => kek.encrypt(MESSAGE, NOTHING),
  decrypt: ({ kek, ciphertext }) => kek.decrypt(ciphertext, NOTHING),
  open: ({ openKey }) => openKey(),
  sign: ({ key }) => key.sign(MESSAGE),
};

const EVERYWHERE: readonly (readonly [KmsTestFault, SignerErrorCode, number, RegExp])[] = [
  ['down', 'kms-unavailable', 1 + RETRIES, /not available|unavailable.*tried 3 times/],
  ['throttling', 'kms-unavailable', 1 + RETRIES, /exceeded/],
  ['reset', 'kms-unavailable', 1 + RETRIES, /tried 3 times/],
  ['refusing', 'kms-refused', 1, /authorized|Permission denied/],
  ['garbage', 'kms-bad-answer', 1, /not a message of this service/],
  ['empty', 'kms-bad-answer', 1, /another key|there is no|has no checksum/],
];

describe.each(['gcp', 'aws'])('%s', (name) => {
  test.each(EVERYWHERE)('%s: %s', async (fault, code, calls, message) => {
    const { server } = service(name);
    const asked = await warm(service(name));
    for (const [what, work] of Object.entries(WORK)) {
      // A list in which there is nothing is no wrong answer.
      const isEmptyList = fault === 'empty' && what === 'open' && name === 'gcp';
      const before = server.calls.length;
      server.faults.set(fault);
      const error = await expectCodeAsync(() => work(asked), SignerError, isEmptyList ? 'kms-refused' : code);
      if (!isEmptyList) expect(error.message).toMatch(message);
      expect(`${what}: ${server.calls.length - before}`).toBe(`${what}: ${calls}`);
      server.faults.clear();
      await work(asked);
    }
  });

  test('what passes is waited for: once down, once broken, once slow', async () => {
    const { server } = service(name);
    const asked = await warm(service(name));
    for (const fault of ['down', 'throttling', 'reset', 'slow'] as const) {
      for (const work of Object.values(WORK)) {
        server.faults.set(fault, 1);
        await work(asked);
      }
    }
    server.faults.set('down', RETRIES);
    await asked.key.sign(MESSAGE);
  });

  test('a service that never answers ends the call within its tries', async () => {
    const { server } = service(name);
    const { ciphertext } = await warm(service(name));
    const { kek } = await warm(service(name), { timeoutMs: 400 });
    const before = server.calls.length;
    server.faults.set('silent');
    const start = performance.now();
    const error = await expectCodeAsync(() => kek.decrypt(ciphertext, NOTHING), SignerError, 'kms-unavailable');
    const took = performance.now() - start;
    expect(error.message).toMatch(/no answer within 400 ms|Deadline exceeded|DEADLINE/i);
    expect(error.message).toContain('tried 3 times');
    expect(server.calls.length - before).toBe(3);
    expect(took).toBeGreaterThan(3 * 390);
    expect(took).toBeLessThan(3 * 400 + 300 + 1000);
  });

  test('an interrupt ends a call that is not answered', async () => {
    const controller = new AbortController();
    const { key } = await warm(service(name), { signal: controller.signal });
    service(name).server.faults.set('silent');
    const reason = new Error('interrupted');
    const signing = key.sign(MESSAGE);
    setTimeout(() => controller.abort(reason), 50);
    await expect(signing).rejects.toBe(reason);
  });

  test('a signature that is not one of the key is not returned', async () => {
    const asked = await warm(service(name));
    service(name).server.faults.set('other-signature');
    const error = await expectCodeAsync(() => asked.key.sign(MESSAGE), SignerError, 'kms-bad-answer');
    expect(error.message).toContain('the signature is not one of this key');
  });

  test('an answer about another key is not used', async () => {
    const asked = await warm(service(name));
    service(name).server.faults.set('other-key');
    for (const [what, work] of Object.entries(WORK)) {
      // Google's answer to a decryption names no key.
      if (what === 'decrypt' && name === 'gcp') continue;
      const error = await expectCodeAsync(() => work(asked), SignerError, 'kms-bad-answer');
      expect(error.message).toContain('of another key');
    }
  });

  test('a service that is gone is told so within the tries', async () => {
    const { openKek, kekUri } = service(name);
    const url = 'http://127.0.0.1:9';
    const kek = await openKek(kekUri, { timeoutMs: 5000, retries: 1, gcpEndpoint: url, awsEndpoint: url });
    onTestFinished(() => kek.close?.());
    const start = performance.now();
    const error = await expectCodeAsync(() => kek.decrypt(MESSAGE, NOTHING), SignerError, 'kms-unavailable');
    expect(error.message).toMatch(/ECONNREFUSED.*tried 2 times/);
    expect(performance.now() - start).toBeLessThan(4000);
  });
});

describe('checksums of Google Cloud KMS', () => {
  test('an answer with a wrong one is not used', async () => {
    const asked = await warm(service('gcp'));
    service('gcp').server.faults.set('wrong-checksum');
    const works: typeof WORK = { ...WORK, open: () => openVersion() };
    for (const [what, work] of Object.entries(works)) {
      const error = await expectCodeAsync(() => work(asked), SignerError, 'kms-bad-answer');
      expect(`${what}: ${error.message}`).toContain('does not match its checksum');
    }
  });

  test('an answer that says that ours was not looked at is not used', async () => {
    const asked = await warm(service('gcp'));
    service('gcp').server.faults.set('unverified');
    for (const work of [WORK.encrypt, WORK.sign]) {
      if (work === undefined) throw new Error('unreachable');
      const error = await expectCodeAsync(() => work(asked), SignerError, 'kms-bad-answer');
      expect(error.message).toMatch(/the checksum of the (plaintext|digest) was not looked at/);
    }
  });
});

/** Opens a version by its name, so that nothing is listed before its public key is asked for. */
async function openVersion(): Promise<void> {
  const { keyUri, endpoint } = service('gcp');
  const options: KmsOptions = { timeoutMs: 10_000, retries: RETRIES, ...endpoint };
  await (await openKmsKey(`${keyUri}/versions/1`, 'sha256', options)).close?.();
}
