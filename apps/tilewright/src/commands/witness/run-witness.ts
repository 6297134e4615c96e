import {
  openWitnessState,
  type RunningWitness,
  startWitnessServer,
  WitnessError,
  type WitnessState,
} from '@tilewright/witness/server';
import { CommandError } from '../../cli/command-error.ts';
import type { ExitStatus } from '../../cli/exit-status.ts';
import { programVersion } from '../../cli/version.ts';
import type { LogLines } from '../../diagnostics/log-lines.ts';
import type { Findings } from '../../serve/config/findings.ts';
import type { Io } from '../../terminal/io.ts';
import { witnessEventLines } from './event-lines.ts';
import { policyLine, vkeyOf } from './policy-line.ts';
import { loadLogs, type WitnessSettings } from './settings.ts';

/** How long requests under way may take when the witness stops. */
const GRACE_MS = 5000;
/** The same when the state failed: they are told that nothing is signed. */
const FAILED_GRACE_MS = 1000;

/**
 * The life of a witness: opens its state, listens, and runs until it is interrupted or the state fails.
 *
 * @throws CommandError 'refused' when it does not come up
 */
export async function runWitness(settings: WitnessSettings, io: Io, lines: LogLines): Promise<ExitStatus> {
  const { cosigners, values, logs } = settings;
  lines.info('starting tilewright witness', { version: programVersion(), node: process.version });
  const running = await start(settings, lines);
  const url = urlOf(values['http-address'], running.port, settings.prefix);
  for (const { key } of cosigners) {
    lines.info('witness key', { name: key.name, vkey: vkeyOf(key), policyLine: policyLine(key, url) });
  }
  lines.info('ready', { url, logs: logs.size, state: values.state });
  io.onHangup?.(() => readLogsAgain(running, settings, lines));
  const failure = await Promise.race([interrupted(io.signal), running.failed]);
  if (failure !== undefined) {
    lines.error('stopping at once: a restart finds out what is stored', {
      code: failure.code,
      detail: failure.message,
    });
    await running.close(FAILED_GRACE_MS);
    return 1;
  }
  lines.info('shutting down', { timeoutMs: GRACE_MS });
  await running.close(GRACE_MS);
  lines.info('stopped');
  return 0;
}

async function start(settings: WitnessSettings, lines: LogLines): Promise<RunningWitness> {
  const { cosigners, logs, prefix, values } = settings;
  try {
    return await startWitnessServer({
      cosigners,
      logs,
      state: openState(settings, lines),
      nowMs: Date.now,
      events: witnessEventLines(lines),
      address: { host: values['http-address'], port: values['http-port'] },
      prefix,
    });
  } catch (error) {
    throw refusedStart(error);
  }
}

function openState({ cosigners, values }: WitnessSettings, lines: LogLines): WitnessState {
  const name = cosigners[0]?.key.name ?? '';
  const state = openWitnessState({ path: values.state, name, create: values['create-state'] });
  const heads = state.heads();
  lines.info('state opened', { state: values.state, logs: heads.length });
  if (values['create-state'] && heads.length > 0) {
    lines.warn('--create-state is for the first start: take it away, or a state that is lost will not be missed');
  }
  return state;
}

/** What a failure while a witness starts means for the command; unknown ones are thrown on. */
export function refusedStart(error: unknown): unknown {
  if (!(error instanceof WitnessError)) return error;
  const hint = error.code === 'state-missing' ? '; --create-state makes one for a new key' : '';
  return new CommandError('refused', `${error.message}${hint}`, { cause: error });
}

function readLogsAgain(running: RunningWitness, { cosigners, values }: WitnessSettings, lines: LogLines): void {
  const found: Findings = { problems: [], warnings: [] };
  const logs = loadLogs(values['logs-file'], cosigners, found);
  if (logs === undefined) {
    lines.error('the logs were not read again: those known before stay', { problem: found.problems.join('; ') });
    return;
  }
  running.setLogs(logs);
  lines.info('logs read again', { file: values['logs-file'], logs: logs.size });
}

function urlOf(address: string, port: number, prefix: string): string {
  const host = ['0.0.0.0', '::', ''].includes(address) ? '127.0.0.1' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}${prefix}`;
}

function interrupted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
