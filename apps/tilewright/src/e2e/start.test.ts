import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freePorts } from '../testing/free-ports.ts';
import { RunningProcess } from '../testing/running-process.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';

const START = fileURLToPath(new URL('../start.ts', import.meta.url));

async function portFlags(): Promise<{ flags: readonly string[]; url: string }> {
  const [http, grpc, metrics] = await freePorts(3);
  return {
    url: `http://localhost:${http}`,
    flags: [`--http-port=${http}`, `--grpc-port=${grpc}`, `--http-metrics-port=${metrics}`],
  };
}

async function started(cwd: string, flags: readonly string[], url: string): Promise<RunningProcess> {
  const server = new RunningProcess(flags, { script: START, cwd });
  await server.ready(`${url}/readyz`);
  for (let i = 0; i < 100 && !server.out.includes('Ctrl-C'); i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return server;
}

const mode = (path: string): number => statSync(path).mode % 0o1000;

test('a first start makes key and documents, and every command that it prints works as it stands', async () => {
  const cwd = temporaryDirectory();
  const { flags, url } = await portFlags();
  const server = await started(cwd, flags, url);
  const key = join(cwd, 'data/log-key.pem');
  expect([mode(key), mode(join(cwd, 'data')), mode(join(cwd, 'data/log/.state'))]).toEqual([0o600, 0o700, 0o700]);
  const root = JSON.parse(readFileSync(join(cwd, 'data/trusted_root.json'), 'utf8'));
  expect(root.tlogs[0]).toMatchObject({ baseUrl: url, publicKey: { keyDetails: 'PKIX_ED25519' } });
  const config = JSON.parse(readFileSync(join(cwd, 'data/signing_config.json'), 'utf8'));
  expect(config.rekorTlogUrls[0]).toMatchObject({ url, majorApiVersion: 2, operator: 'localhost' });
  expect(server.out).toMatch(/Origin +localhost\n.*Log id +[\w+/]{43}=\n.*vkey\) +localhost\+/);
  expect(server.out).toContain('Wrote data/trusted_root.json and data/signing_config.json');

  writeFileSync(join(cwd, 'hello.txt'), 'hello\n');
  const commands = [...server.out.matchAll(/npx tilewright (.*)/g)].map(([, words = '']) => words);
  expect(commands.map((words) => words.split(' ')[0])).toEqual(['submit', 'verify', 'log']);
  for (const words of commands) {
    const command = new RunningProcess(
      words.split(' ').map((word) => word.replaceAll("'", '')),
      { cwd },
    );
    expect([words, await command.ended, command.err]).toEqual([words, 0, '']);
  }
  // Ctrl-C under npm arrives twice, from the terminal and from npm.
  server.child.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 30));
  server.child.kill('SIGINT');
  expect(await server.ended).toBe(0);

  const before = readFileSync(key, 'utf8');
  const moved = await portFlags();
  const again = await started(cwd, moved.flags, moved.url);
  expect(readFileSync(key, 'utf8')).toBe(before);
  expect(JSON.parse(readFileSync(join(cwd, 'data/trusted_root.json'), 'utf8')).tlogs[0].baseUrl).toBe(moved.url);
  expect((await fetch(`${moved.url}/checkpoint`).then((r) => r.text())).split('\n')[1]).toBe('1');
  again.child.kill('SIGTERM');
  expect(await again.ended).toBe(0);
  expect(again.err).not.toContain('made the key');
});

test('flags replace the defaults, and a key that a flag names is never made', async () => {
  const cwd = temporaryDirectory();
  const { flags } = await portFlags();
  const missing = new RunningProcess([...flags, '--signer-filepath', 'mine.pem'], { script: START, cwd });
  expect(await missing.ended).toBe(2);
  expect(missing.err).toContain('--signer-filepath: there is no file mine.pem');
  expect([existsSync(join(cwd, 'mine.pem')), existsSync(join(cwd, 'data'))]).toEqual([false, false]);
  const wrong = new RunningProcess(['--http-prot=1'], { script: START, cwd });
  expect(await wrong.ended).toBe(2);
  expect(wrong.err).toContain('did you mean --http-port?');
  expect(existsSync(join(cwd, 'data'))).toBe(false);

  const other = await portFlags();
  const server = await started(cwd, [...other.flags, '--hostname=log.test', '--storage-dir=elsewhere'], other.url);
  expect([existsSync(join(cwd, 'elsewhere/checkpoint')), existsSync(join(cwd, 'data/log'))]).toEqual([true, false]);
  const port = new URL(other.url).port;
  expect(JSON.parse(readFileSync(join(cwd, 'data/trusted_root.json'), 'utf8')).tlogs[0].baseUrl).toBe(
    `http://log.test:${port}`,
  );
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
});
