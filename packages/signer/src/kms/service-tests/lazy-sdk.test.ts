import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const GCP_URI = 'gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k';
const AWS_URI = 'aws-kms://arn:aws:kms:eu-central-1:123456789012:alias/a';
const LOOPBACK = "{ timeoutMs: 1, retries: 0, gcpEndpoint: 'http://127.0.0.1:9', awsEndpoint: 'http://127.0.0.1:9' }";

/** Runs a script in a process of its own, which notes each module that is looked up; returns what it prints. */
async function run(script: string): Promise<unknown> {
  const prelude = `
    import { registerHooks } from 'node:module';
    const seen = new Set();
    let hidden;
    registerHooks({
      resolve(specifier, context, next) {
        const found = next(specifier === hidden ? hidden + '-is-not-there' : specifier, context);
        for (const sdk of ['@google-cloud', 'google-gax', '@grpc', '@aws-sdk', '@smithy']) {
          if (found.url.includes('node_modules/' + sdk)) seen.add(sdk);
        }
        return found;
      },
    });
    const load = (path) => import(new URL(path, ${JSON.stringify(new URL('../../', import.meta.url).href)}));
  `;
  const argv = ['--input-type=module', '--eval', prelude + script];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { timeout: 60_000 });
  return JSON.parse(stdout);
}

test('the package loads no SDK, nor does whatever may use one; a key of a service loads the one of that service', async () => {
  const counts = await run(`
    await load('index.ts');
    await load('kms/open-kms-key.ts');
    const { openKek } = await load('kek/open-kek.ts');
    await load('kms/gcp-kek.ts');
    await load('kms/aws-kek.ts');
    const before = [...seen];
    await openKek('${AWS_URI}', ${LOOPBACK});
    const aws = [...seen].sort();
    seen.clear();
    await openKek('${GCP_URI}', ${LOOPBACK});
    console.log(JSON.stringify({ before, aws, gcp: [...seen].sort() }));
  `);
  expect(counts).toEqual({
    before: [],
    aws: ['@aws-sdk', '@smithy'],
    gcp: ['@google-cloud', '@grpc', 'google-gax'],
  });
});

test.each([
  ['@google-cloud/kms', GCP_URI],
  ['@aws-sdk/client-kms', AWS_URI],
])('without %s the error says how to install it', async (library, uri) => {
  const error = await run(`
    hidden = '${library}';
    const { openKek } = await load('kek/open-kek.ts');
    const error = await openKek('${uri}', ${LOOPBACK}).catch((e) => e);
    console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message }));
  `);
  expect(error).toMatchObject({ name: 'SignerError', code: 'kms-missing' });
  expect(error).toHaveProperty('message', expect.stringContaining(`npm install ${library}`));
});
