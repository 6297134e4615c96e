import { expect, test } from 'vitest';
import { COMMANDS } from './cli/command-list.ts';
import { runCli } from './testing/run-cli.ts';

test('the overview lists every command, on standard output only when asked for', async () => {
  const asked = await runCli(['--help']);
  expect(asked.status).toBe(0);
  for (const { name, summary } of COMMANDS)
    expect(asked.out).toMatch(new RegExp(`^ {2}${name} +${summary.slice(0, 20)}`, 'm'));
  expect(await runCli([])).toEqual({ status: 2, out: '', err: asked.out });
  expect((await runCli(['log'])).status).toBe(2);
  expect((await runCli(['log', '--help'])).out).toContain('log fsck');
  expect((await runCli(['help', 'log'])).out).not.toContain('serve');
});

test.each([
  [['serv'], 'unknown command serv (did you mean serve?)'],
  [['log', 'fcsk'], 'unknown command log fcsk (did you mean log fsck?)'],
  [['trusted-rot', 'create'], 'unknown command trusted-rot (did you mean trusted-root?)'],
  [['version', 'x'], 'unexpected "x"'],
  [['version', '--jsn'], 'unknown flag --jsn (did you mean --json?)'],
])('%j is a usage error', async (argv, message) => {
  const { status, out, err } = await runCli(argv);
  expect([status, out]).toEqual([2, '']);
  expect(err).toContain(`error: ${message}`);
});

test.each(COMMANDS.map(({ name }) => name))('%s --help explains every flag, and fits a terminal', async (name) => {
  const { status, out } = await runCli([...name.split(' '), '--help']);
  const command = await COMMANDS.find((entry) => entry.name === name)?.load();
  expect(status).toBe(0);
  expect(out).toContain(`Usage:\n  tilewright ${name} `);
  for (const [flag, { help }] of Object.entries(command?.flags ?? {})) {
    expect(out).toMatch(new RegExp(`^ {2}--${flag}( |$)`, 'm'));
    expect(help).toMatch(/\.$/);
  }
  const prose = out.split('\n').filter((line) => !line.startsWith('  tilewright') && !line.startsWith('  --'));
  for (const line of prose) expect(line.length).toBeLessThanOrEqual(100);
  expect(command?.name).toBe(name);
  expect(command?.summary).toBe(COMMANDS.find((entry) => entry.name === name)?.summary);
});

test('the version is that of the package', async () => {
  expect(JSON.parse((await runCli(['--version', '--json'])).out)).toEqual({ version: '0.1.0', node: process.version });
  expect((await runCli(['version'])).out).toMatch(/^tilewright 0\.1\.0 \(Node\.js v/);
});
