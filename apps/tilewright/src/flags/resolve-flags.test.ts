import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import type { FlagTable } from './flag-table.ts';
import { type ResolvedFlags, resolveFlags } from './resolve-flags.ts';

const TABLE = {
  'http-port': { type: 'int', default: 3000, min: 1, max: 65535, help: '' },
  'grpc-port': { type: 'int', default: 3001, min: 1, max: 65535, help: '' },
  timeout: { type: 'duration', default: '20s', min: '0', max: '1h', help: '' },
  name: { type: 'string', help: '' },
  mode: { type: 'string', default: 'a', choices: ['a', 'b'], help: '' },
  dir: { type: 'string', required: true, help: '' },
  quiet: { type: 'bool', default: false, help: '' },
  algorithms: { type: 'list', default: ['x', 'y'], help: '' },
  service: { type: 'repeated', help: '' },
  password: { type: 'int', default: 0, min: 0, max: 1, secret: true, help: '' },
  config: { type: 'string', help: '' },
} as const satisfies FlagTable;

function resolve(words: string, env: Record<string, string> = {}, yaml?: string): ResolvedFlags<typeof TABLE> {
  const readConfig = (path: string): string => {
    if (yaml === undefined) throw new Error(`${path} is not there`);
    return yaml;
  };
  return resolveFlags(TABLE, parseCommandLine(TABLE, words === '' ? [] : words.split(' ')), { env, readConfig });
}

test('flags win over the environment, the environment over the file, the file over the defaults', () => {
  const yaml = 'http-port: 1\ngrpc-port: 1\ntimeout: 1s\ndir: from-file\n';
  const env = { TILEWRIGHT_HTTP_PORT: '2', TILEWRIGHT_GRPC_PORT: '2' };
  const resolved = resolve('--config f.yaml --http-port 3', env, yaml);
  expect(resolved.problems).toEqual([]);
  expect(resolved.values).toMatchObject({ 'http-port': 3, 'grpc-port': 2, timeout: 1000, dir: 'from-file', mode: 'a' });
  expect(['http-port', 'grpc-port', 'timeout', 'mode'].map((name) => resolved.source(name as 'mode'))).toEqual([
    'flag',
    'environment',
    'file',
    'default',
  ]);
});

test('the file may be named by the environment', () => {
  expect(resolve('', { TILEWRIGHT_CONFIG: 'c.yaml' }, 'dir: d').values.dir).toBe('d');
});

test.each([
  ['--dir=a --quiet', { quiet: true }],
  ['--dir=a --quiet=false', { quiet: false }],
  ['--dir=a --quiet=T', { quiet: true }],
  ['--dir a --http-port=1 --http-port=2', { 'http-port': 2 }],
  ['--dir a --algorithms x,z', { algorithms: ['x', 'z'] }],
  ['--dir a --algorithms x --algorithms z', { algorithms: ['x', 'z'] }],
  ['--dir a --algorithms=', { algorithms: [] }],
  ['--dir a --service url=1,key=2 --service url=3', { service: ['url=1,key=2', 'url=3'] }],
  ['--dir -x', { dir: '-x' }],
  ['--dir=', { dir: '' }],
  ['--dir a=b=c', { dir: 'a=b=c' }],
  ['--dir a', { name: undefined, timeout: 20_000, algorithms: ['x', 'y'], service: [] }],
])('%s', (words, values) => {
  const resolved = resolve(words);
  expect(resolved.problems).toEqual([]);
  expect(resolved.values).toMatchObject(values);
});

test('every error is reported at once, each with the place that it stands in', () => {
  const env = { TILEWRIGHT_GRPC_PORT: 'tcp://10.0.0.1:80' };
  const resolved = resolve(
    '--htpt-port 1 --config f.yaml --http-port 65536 --password 77 stray --name',
    env,
    'tmeout: 5s\nmode: c\ntimeout: 20\n',
  );
  expect(resolved.problems).toEqual([
    'unknown flag --htpt-port (did you mean --http-port?)',
    '--name needs a value',
    'f.yaml: unknown key "tmeout" (did you mean timeout?)',
    'f.yaml: timeout: is a number here: put it in quotes, with its unit if it has one',
    '--http-port: "65536" is not between 1 and 65535',
    'TILEWRIGHT_GRPC_PORT: "tcp://10.0.0.1:80" is not a whole number (Kubernetes set it: set enableServiceLinks: false in the pod)',
    'f.yaml: mode: "c" is not one of a, b',
    '--dir must be set',
    '--password: the value is not between 0 and 1',
  ]);
  expect(resolved.usable('http-port')).toBe(false);
  expect(resolved.usable('timeout', 'quiet')).toBe(true);
});

test('an unknown variable is a warning that names the nearest, an empty one is unset', () => {
  const env = {
    TILEWRIGHT_HTTP_PRT: '1',
    TILEWRIGHT_SERVICE_HOST: 'x',
    TILEWRIGHT_GRPC_PORT: '',
    TILEWRIGHT_REQUIRE_ALL: '1',
    PATH: '',
  };
  const resolved = resolve('--dir a', env);
  expect(resolved.problems).toEqual([]);
  expect(resolved.warnings).toEqual([
    'the environment variable TILEWRIGHT_HTTP_PRT is unknown (did you mean TILEWRIGHT_HTTP_PORT?)',
    expect.stringContaining('TILEWRIGHT_SERVICE_HOST is unknown'),
  ]);
  expect(resolved.values['grpc-port']).toBe(3001);
});

test.each([
  ['config: other.yaml', 'config: a configuration file cannot name another one'],
  ['dir: [a]', 'dir: takes one value, not a list'],
  ['dir: 0123', 'dir: is a number here'],
  ['dir: true', 'dir: is true or false here'],
  ['dir:', 'dir: has no value'],
  ['dir: {a: b}', 'dir: must be a single value'],
  ['algorithms: [1]', 'algorithms: takes a list of strings'],
  ['http-port: 1.5', '"1.5" is not a whole number'],
  ['- dir', 'must be a map'],
  ['dir: a\ndir: b', 'Map keys must be unique'],
  ['dir: "', 'f.yaml: '],
  ['a: &a [x]\nb: *c', 'Unresolved alias'],
])('the file %j is refused', (yaml, problem) => {
  expect(resolve('--config f.yaml', {}, yaml).problems.join('\n')).toContain(problem);
});

test('a list in the file is a list', () => {
  expect(resolve('--config f --dir a', {}, 'algorithms: [p, q]\nservice: ["a,b"]\nquiet: true\n').values).toMatchObject(
    {
      algorithms: ['p', 'q'],
      service: ['a,b'],
      quiet: true,
    },
  );
});

test('an empty file is fine, one that cannot be read is a problem', () => {
  expect(resolve('--config f --dir a', {}, '# nothing\n').problems).toEqual([]);
  expect(resolve('--config f --dir a').problems).toEqual(['--config f: f is not there']);
});

test('flags end at --, one dash is explained, help is seen, and the flags of other programs have their reason', () => {
  const line = parseCommandLine(TABLE, ['a', '--quiet', '-', '--', '--dir'], {});
  expect([line.args, line.help, line.problems]).toEqual([['a', '-', '--dir'], false, []]);
  expect(parseCommandLine(TABLE, ['-http-port', '1', '-h']).problems).toEqual([
    '-http-port is not a flag: write --http-port',
  ]);
  expect(parseCommandLine(TABLE, ['--help']).help).toBe(true);
  expect(parseCommandLine(TABLE, ['--gcp-bucket', 'x'], { 'gcp-bucket': 'not here' }).problems).toEqual([
    '--gcp-bucket: not here',
  ]);
  expect(parseCommandLine(TABLE, ['--constructor']).problems).toEqual(['unknown flag --constructor']);
});
