import { spawn, spawnSync } from 'node:child_process';
import { argv, env, execPath, getuid } from 'node:process';
import { onExit } from '../../cli/exit-cleanup.ts';

/** In the environment of a process that has a mount namespace of its own: its scratch directory. */
const SCRATCH = 'TILEWRIGHT_POWER_LOSS_SCRATCH';
const UNSHARE = ['--mount', '--propagation', 'private'];

/**
 * The scratch directory of a process whose mounts nobody else sees, and which are gone when it is; nothing where mounts
 * are everybody's.
 */
export function privateScratch(): string | undefined {
  return env[SCRATCH];
}

/**
 * Runs this very command once more where mounts are its own, and returns its exit status; nothing where that cannot be
 * done, as it needs root.
 */
export async function runWithPrivateMounts(scratch: string): Promise<number | undefined> {
  if (getuid?.() !== 0 || spawnSync('unshare', [...UNSHARE, 'true']).status !== 0) return undefined;
  const [, script = '', ...args] = argv;
  const child = spawn('unshare', [...UNSHARE, execPath, script, ...args], {
    stdio: 'inherit',
    env: { ...env, [SCRATCH]: scratch },
  });
  const forget = onExit(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      forget();
      resolve(code ?? 1);
    });
  });
}
