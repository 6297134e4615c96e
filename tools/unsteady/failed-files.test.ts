import { expect, test } from 'vitest';
import { failedFiles, type TestReport } from './failed-files.ts';

const passed = { fullName: 'adds', status: 'passed' };
const failed = (fullName: string, message: string) => ({ fullName, status: 'failed', failureMessages: [message] });
const file = (name: string, ...assertionResults: TestReport['testResults'][number]['assertionResults']) => ({
  name,
  status: assertionResults.some(({ status }) => status === 'failed') ? 'failed' : 'passed',
  assertionResults,
});

test('files with failed tests are named once, those that passed are not', () => {
  const testResults = [file('a.test.ts', passed), file('b.test.ts', failed('x', 'late'), failed('y', 'late'), passed)];
  expect(failedFiles({ testResults })).toEqual({ files: ['b.test.ts'], tests: ['x', 'y'], findings: [] });
});

test('a counterexample and a broken promise are findings, not accidents', () => {
  const testResults = [
    file('a.test.ts', failed('prop', 'Error: Property failed after 3 tests\n{ seed: 7 }')),
    file('b.test.ts', failed('sim', 'seed 94 (replicas) broke a promise: Error')),
    file('c.test.ts', failed('slow', 'expected 2 to be 1')),
  ];
  expect(failedFiles({ testResults }).findings).toEqual(['prop', 'sim']);
});

test('a file that could not be loaded counts as failed', () => {
  const testResults = [{ name: 'a.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] }];
  expect(failedFiles({ testResults })).toEqual({ files: ['a.test.ts'], tests: ['a.test.ts'], findings: [] });
});
