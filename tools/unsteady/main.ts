// Tries the files again, alone and one after the other, whose tests failed in a run of the suite: a test that measures
// real time can fail on a machine that stood still for a second. Prints what it finds; nothing is hidden.
// usage: main.ts REPORT.json     exit status: 0 all passed now; 1 at least one failed again, or had found something
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { failedFiles, type TestReport } from './failed-files.ts';

/** With more than these the change is at fault, not the machine. */
const MOST_FILES = 3;

const { files, tests, findings } = failedFiles(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as TestReport);
process.exitCode = tryAgain();

function tryAgain(): number {
  if (files.length === 0 || files.length > MOST_FILES) return 1;
  if (findings.length > 0) {
    console.log(`not tried again, because a counterexample counts once and for all: ${findings.join('; ')}`);
    return 1;
  }
  console.log(`\n=== failed beside others, tried again alone:\n${tests.map((test) => `  ${test}`).join('\n')}`);
  const words = ['run', '--testTimeout=60000', '--no-file-parallelism', ...files];
  const { status } = spawnSync('node_modules/.bin/vitest', words, { stdio: 'inherit' });
  if (status !== 0) return 1;
  console.log(`=== UNSTEADY, passed alone: ${tests.join('; ')}`);
  return 0;
}
