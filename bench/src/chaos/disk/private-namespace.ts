import { spawn, spawnSync } from 'node:child_process';
import { argv, env, execPath, getuid } from 'node:process';
import { onExit } from '../../cli/exit-cleanup.ts';

/** In the environment of a process that has mounts of its own. */
const MARK = 'TILEWRIGHT_CHAOS_MOUNTS';
const UNSHARE = ['--mount', '--propagation', 'private'];
/** However its parent ends, it is told to stop. */
const STOP_WITH_PARENT = ['setpriv', '--pdeathsig', 'TERM'];
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Whether the mounts of this process are its own, and gone when it is. */
export function hasPrivateMounts(): boolean {
  return env[MARK] !== undefined;
}

/** Has a server end with this process, however that ends: it would keep the disk mounted. */
export function endWithParent(command: readonly [string, ...string[]]): [string, ...string[]] {
  return hasPrivateMounts() ? ['setpriv', '--pdeathsig', 'KILL', ...command] : [...command];
}

/**
 * Runs this very command once more where mounts are its own, passes signals on to it, and returns its exit status;
 * nothing where that cannot be done, as it needs root and mount namespaces.
 */
export async function runWithPrivateMounts(): Promise<number | undefined> {
  const trial = ['unshare', ...UNSHARE, ...STOP_WITH_PARENT, 'true'] as const;
  if (getuid?.() !== 0 || spawnSync(trial[0], trial.slice(1)).status !== 0) return undefined;
  const [, script = '', ...args] = argv;
  const child = spawn('unshare', [...UNSHARE, ...STOP_WITH_PARENT, execPath, script, ...args], {
    stdio: 'inherit',
    env: { ...env, [MARK]: '1' },
  });
  const forget = onExit(() => child.kill('SIGTERM'));
  for (const signal of SIGNALS) {
    // Else this process would end at the first one, before the run has.
    process.removeAllListeners(signal);
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      forget();
      resolve(code ?? 1);
    });
  });
}
