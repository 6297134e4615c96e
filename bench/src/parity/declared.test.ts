import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../server/commands.ts';
import { differences } from './compare.ts';
import { declarationOf, parseDeclarations } from './declared.ts';
import { allPhases, shortPhases } from './phases.ts';
import type { HttpRow } from './row.ts';

function table(...lines: string[]): string {
  const head = '| kind | rows | field | reference | ours |\n| --- | --- | --- | --- | --- |';
  return `text\n<!-- declared differences -->\n${head}\n${lines.join('\n')}\n<!-- end of declared differences -->`;
}

test('a declaration matches row, field and both values, and nothing more', () => {
  const [declaration] = parseDeclarations(table('| details | `http-*` | `details` | `[]` | `[{*}]` |'));
  const declarations = declaration === undefined ? [] : [declaration];
  const difference = { row: 'http-x', field: 'details', reference: '[]', ours: '[{"a":1}]' };
  expect(declarationOf(difference, declarations)).toBe(declaration);
  expect(declarationOf({ ...difference, row: 'grpc-x' }, declarations)).toBeUndefined();
  expect(declarationOf({ ...difference, field: 'body' }, declarations)).toBeUndefined();
  expect(declarationOf({ ...difference, reference: '[1]' }, declarations)).toBeUndefined();
  expect(declarationOf({ ...difference, ours: '[]' }, declarations)).toBeUndefined();
});

test('a reason that is not one of the six, or a line without values, is an error', () => {
  expect(() => parseDeclarations(table('| because | `*` | `*` | `*` | `*` |'))).toThrow(/unknown kind/);
  expect(() => parseDeclarations(table('| details | `*` | `*` | `*` | any |'))).toThrow(/four cells in backticks/);
  expect(() => parseDeclarations('no table')).toThrow(/no table/);
});

test('only the parser’s sentence is left out of a comparison', () => {
  const row: HttpRow = { kind: 'http', name: 'r', request: { bytes: new Uint8Array() }, parserText: true };
  const answer = (status: string, message: string) => ({ status, body: `{"code":3,"message":"${message}"}` });
  expect(differences(row, answer('400', 'proto: a \\"x\\"'), answer('400', 'b'))).toEqual([]);
  expect(differences(row, answer('400', 'a'), answer('500', 'b'))).toHaveLength(1);
  expect(differences({ ...row, parserText: false }, answer('400', 'a'), answer('400', 'b'))).toHaveLength(1);
  expect(differences(row, answer('400', 'a'), { ...answer('400', 'a'), 'header:x': '1' })).toEqual([
    { row: 'r', field: 'header:x', reference: '(none)', ours: '1' },
  ]);
  expect(differences(row, answer('400', 'a'), answer('400', ''))).toHaveLength(1);
});

test('docs/parity.md parses; rows have names of their own, at least 150 of them, and the short form is a part', async () => {
  const declarations = parseDeclarations(await readFile(join(REPOSITORY, 'docs', 'parity.md'), 'utf8'));
  expect(declarations.length).toBeGreaterThan(5);
  const names = allPhases().flatMap((phase) => phase.rows.map((row) => row.name));
  expect(names.length).toBeGreaterThanOrEqual(150);
  expect(new Set(names).size).toBe(names.length);
  const short = shortPhases(40).flatMap((phase) => phase.rows.map((row) => row.name));
  expect(short).toHaveLength(40);
  expect(names).toEqual(expect.arrayContaining(short));
});
