import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onExit } from '../cli/exit-cleanup.ts';
import { runMain, say } from '../cli/run-main.ts';
import { liveView } from '../hammer/view/live-view.ts';
import { REPOSITORY } from '../server/commands.ts';
import { openDisk } from './disk/chaos-disk.ts';
import { hasPrivateMounts, runWithPrivateMounts } from './disk/private-namespace.ts';
import { HELP } from './help.ts';
import { type ChaosOptions, readOptions } from './options.ts';
import { describeReport } from './report/describe-report.ts';
import { mergeRuns } from './report/merge-runs.ts';
import { saveReport } from './report/save-report.ts';
import { runChaos } from './run-chaos.ts';
import { ChaosState, readRuns, StateRefused } from './state/chaos-state.ts';
import type { RunRecord } from './state/run-record.ts';
import { StopRequest } from './stop-request.ts';

const LINE_MS = 4_000;
const WRITERS = 12;
const WRITES_PER_SECOND = 120;
const READS_PER_SECOND = 120;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), Date.now());
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.minutes === 0) return reportOnly(options);
  if (!hasPrivateMounts()) {
    const status = await runWithPrivateMounts();
    if (status !== undefined) return status;
  }
  const stop = new StopRequest();
  const dir = resolve(options.state ?? join(REPOSITORY, 'bench', 'data', `chaos-${options.seed}-${process.pid}`));
  try {
    const record = await run(options, dir, stop);
    if (options.report !== undefined) saveReport(options.report, readRuns(dir));
    process.stdout.write(
      options.json ? `${JSON.stringify(record, undefined, 1)}\n` : describeReport(mergeRuns([record])),
    );
    for (const finding of record.findings) say(`FOUND: ${finding}`);
    if (record.findings.length > 0) say(`the log and the evidence are kept in ${dir}`);
    else if (options.state === undefined) rmSync(dir, { recursive: true });
    if (record.findings.length > 0) return 1;
    return stop.isMade ? 130 : 0;
  } catch (error) {
    if (!(error instanceof StateRefused)) throw error;
    say(`chaos: ${dir} cannot be used: ${error.message}`);
    return 2;
  }
}

async function run(options: ChaosOptions, dir: string, stop: StopRequest): Promise<RunRecord> {
  mkdirSync(dir, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), 'tilewright-chaos-'));
  const forget = onExit(() => rmSync(scratch, { recursive: true, force: true }));
  // So that more of a start is recovery, and less the reading of source.
  process.env.NODE_COMPILE_CACHE ??= join(scratch, 'compiled');
  const state = new ChaosState(dir);
  try {
    const disk = openDisk(dir);
    const { stderr } = process;
    const began = performance.now();
    const screen = {
      isTerminal: stderr.isTTY === true,
      columns: stderr.columns ?? 120,
      write: (text: string) => void stderr.write(text),
    };
    const view = liveView(screen, began);
    let shownAt = began - LINE_MS;
    try {
      // Each run of a state directory has faults of its own.
      const seed = options.seed + 7_919 * (state.run - 1);
      view.say(`run ${state.run}, seed ${seed}, ${options.minutes} minutes; the log on ${disk.name}`);
      return await runChaos({
        state,
        disk,
        scratch,
        seed,
        minutes: options.minutes,
        writers: WRITERS,
        writesPerSecond: WRITES_PER_SECOND,
        readsPerSecond: READS_PER_SECOND,
        requiresAll: process.env.TILEWRIGHT_REQUIRE_ALL === '1',
        isStopped: () => stop.isMade,
        say: (line) => view.say(line),
        progress: (line) => {
          const now = performance.now();
          if (now - shownAt < LINE_MS) return;
          shownAt = now;
          view.update(() => [`${Math.round((now - began) / 1_000)} s: ${line()}`], now);
        },
      });
    } finally {
      view.end();
      disk.close();
    }
  } finally {
    state.close();
    rmSync(scratch, { recursive: true, force: true });
    forget();
  }
}

function reportOnly({ state = '', report = '' }: ChaosOptions): number {
  const runs = existsSync(state) ? readRuns(state) : [];
  if (runs.length === 0) {
    say(`chaos: there are no runs in ${state}`);
    return 2;
  }
  return saveReport(report, runs).findings.length > 0 ? 1 : 0;
}

await runMain('chaos', main);
