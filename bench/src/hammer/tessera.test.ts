import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSigningKey, formatVerifierKey } from '@tilewright/core/note';
import { ed25519NoteSigner } from '@tilewright/core/note/ed25519';
import { noteVerifierFromVkey } from '@tilewright/signer';
import { expect, onTestFinished, test } from 'vitest';
import { REPOSITORY } from '../server/commands.ts';
import { startServer } from '../server/server-process.ts';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { runHammer } from './run-hammer.ts';
import { smallRun, UNWATCHED } from './testing/running-log.ts';

const TESSERA = join(REPOSITORY, '.tools', 'bin', 'tessera-posix');

test("Tessera's own server holds every check", async ({ skip }) => {
  const isRequired = process.env.TILEWRIGHT_REQUIRE_ALL === '1';
  skip(!existsSync(TESSERA) && !isRequired, "Tessera's server is not there: run tools/install");
  const workspace = await makeWorkspaceDir();
  onTestFinished(() => workspace.remove());
  const { ports, storageDir } = await workspace.place('log');
  const seed = randomBytes(32);
  const { key } = ed25519NoteSigner('example.com/log', seed);
  const keyFile = join(workspace.path, 'tessera-key');
  await writeFile(keyFile, formatSigningKey(key, seed), { mode: 0o600 });
  const flags = [`--storage_dir=${storageDir}`, `--listen=127.0.0.1:${ports.http}`, `--private_key=${keyFile}`];
  const server = await startServer({ name: 'Tessera', argv: [TESSERA, ...flags], ports, readyPath: '/checkpoint' });
  onTestFinished(() => server.kill());
  const log = noteVerifierFromVkey(formatVerifierKey(key.name, key.type, key.key));
  const options = smallRun(`http://127.0.0.1:${ports.http}`, { writers: 64, goal: 600 });
  const { result } = await runHammer(options, log, UNWATCHED);
  expect(result).toMatchObject({
    ok: true,
    ended: 'goal',
    target: { kind: 'raw', sizeAtEnd: 601 },
    checks: { indexes: 601 },
  });
}, 60_000);
