import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onExit } from '../../cli/exit-cleanup.ts';
import type { ScenarioName } from '../scenario.ts';
import { SETTINGS_VARIABLE, type Settings } from '../settings.ts';
import { K6_BINARY } from './k6-binary.ts';

/** How a run of k6 ended. */
export interface K6Ending {
  /** Whether it went to its end, or until its requests were used up. */
  readonly isWhole: boolean;
  readonly areRequestsUsedUp: boolean;
  /** What it printed, the last 16 KiB. */
  readonly output: string;
}

/** k6's exit codes: a threshold is broken; the script ended the test. */
const THRESHOLDS_BROKEN = 99;
const ABORTED_BY_SCRIPT = 108;
/** For reading the requests, for answers that are late, and for the summary. */
const GRACE_MS = 90_000;
const KILL_AFTER_MS = 10_000;
const OUTPUT_LIMIT = 16_384;
/** Variables that would change what k6 does, or where requests go. */
const NOT_INHERITED = /^(K6_.*|(https?|all|no)_proxy)$/i;

/** Runs one script with its time series in the file `series`; `onStart` gets the process. Bounded in time. */
export async function runK6(
  scenario: ScenarioName,
  settings: Settings,
  series: string,
  onStart: (pid: number) => void,
): Promise<K6Ending> {
  const script = fileURLToPath(new URL(`../../../k6/${scenario}.ts`, import.meta.url));
  // Without an address: k6's own API would be on a port that another run may have.
  const flags = ['--quiet', '--no-color', '--no-usage-report', '--address=', '--out', `csv=${series}`];
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
  const child = spawn(K6_BINARY, ['run', ...flags, script], {
    env: {
      ...Object.fromEntries(inherited),
      [SETTINGS_VARIABLE]: JSON.stringify(settings),
      K6_CSV_TIME_FORMAT: 'unix_milli',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const forget = onExit(() => child.kill('SIGKILL'));
  const interrupt = setTimeout(() => child.kill('SIGINT'), settings.seconds * 1_000 + GRACE_MS);
  const kill = setTimeout(() => child.kill('SIGKILL'), settings.seconds * 1_000 + GRACE_MS + KILL_AFTER_MS);
  let output = '';
  const keep = (data: Buffer): void => {
    output = (output + data.toString('utf8')).slice(-OUTPUT_LIMIT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
      if (child.pid !== undefined) onStart(child.pid);
    });
    const areRequestsUsedUp = code === ABORTED_BY_SCRIPT;
    return { isWhole: code === 0 || code === THRESHOLDS_BROKEN || areRequestsUsedUp, areRequestsUsedUp, output };
  } finally {
    clearTimeout(interrupt);
    clearTimeout(kill);
    forget();
  }
}
