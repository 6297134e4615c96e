import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '../hammer/net/endpoint.ts';
import { REPOSITORY } from '../server/commands.ts';
import type { ServerProcess } from '../server/server-process.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import { readSamples } from './k6/read-samples.ts';
import { readVerdicts, type Verdict } from './k6/read-verdicts.ts';
import { type K6Ending, runK6 } from './k6/run-k6.ts';
import type { LoadResult } from './load-result.ts';
import { type CpuSample, watchCpu } from './measure/cpu-watch.ts';
import { judgeGenerator } from './measure/generator.ts';
import { makeSeries } from './measure/series.ts';
import type { LoadOptions } from './options.ts';
import { readPaths } from './prepare/read-paths.ts';
import { refusedRequests } from './prepare/refused-requests.ts';
import { writeRequests } from './prepare/write-requests.ts';
import type { Settings } from './settings.ts';
import { requireGrpc } from './target/find-grpc.ts';
import { type FoundLog, findLog, requireWritable } from './target/find-log.ts';
import { startLog } from './target/start-log.ts';

/** Entries of a log that is started to be read: three levels of tiles, and the partial ones of all. */
const ENTRIES_TO_READ = 70_001;
const PROTOS = join(REPOSITORY, 'packages', 'rekor-proto', 'proto');
const REPORT_EVERY = 20_000;

/**
 * Runs one scenario, on a server of its own unless one is given.
 * @throws Refused when what is there cannot be loaded
 */
export async function runLoad(
  options: LoadOptions,
  workspace: WorkspaceDir,
  say: (line: string) => void,
): Promise<LoadResult> {
  const { scenario, url, grpc, isOwned } = options;
  const isWrite = scenario.request === 'write';
  const given = url === undefined ? undefined : await findLog(url, isOwned);
  if (given !== undefined && isWrite) await requireWritable(given);
  const endpoints = given === undefined ? [] : [given.endpoint];
  if (grpc !== undefined) endpoints.push(await requireGrpc(grpc, isOwned));
  const settings = { ...(await prepare(options, workspace, given, say)), hosts: hostsOf(endpoints) };
  const server = given === undefined ? await startLog(workspace, isWrite ? 0 : ENTRIES_TO_READ) : undefined;
  try {
    const target = server === undefined ? {} : ourTarget(server);
    const log = given ?? (await findLog(`http://127.0.0.1:${server?.command.ports.http}`, false));
    if (!isWrite) await writeFile(settings.paths, JSON.stringify(readPaths(log.checkpoint.size, log.readPath)));
    return await measure(options, { ...settings, ...target }, server, join(workspace.path, 'series.csv'), say);
  } finally {
    await server?.stop();
  }
}

async function prepare(
  { scenario, size, count, limits, grpc }: LoadOptions,
  { path }: WorkspaceDir,
  given: FoundLog | undefined,
  say: (line: string) => void,
): Promise<Settings> {
  const settings: Settings = {
    url: given?.url ?? '',
    hosts: {},
    grpc: grpc ?? '',
    requests: join(path, 'requests.jsonl'),
    refused: join(path, 'refused.json'),
    paths: join(path, 'paths.json'),
    protos: PROTOS,
    summary: join(path, 'summary.json'),
    ...size,
    count,
    limits,
  };
  if (scenario.request === 'read') return settings;
  say(`${count} requests are being prepared`);
  let said = 0;
  await writeRequests(settings.requests, count, given !== undefined, (done) => {
    if (done - said < REPORT_EVERY) return;
    said = done;
    say(`${done} of them are`);
  });
  await writeFile(settings.refused, JSON.stringify(scenario.name === 'bad' ? refusedRequests() : []));
  return settings;
}

/** Names that were resolved stay so: no later answer of a name server leads the load elsewhere. */
function hostsOf(endpoints: readonly Endpoint[]): Record<string, string> {
  const named = endpoints.filter(({ hostname, address }) => hostname !== address);
  return Object.fromEntries(named.map(({ hostname, address }) => [hostname, address]));
}

function ourTarget({ command: { ports } }: ServerProcess): Pick<Settings, 'url' | 'grpc'> {
  return { url: `http://127.0.0.1:${ports.http}`, grpc: `127.0.0.1:${ports.grpc}` };
}

async function measure(
  { scenario, size, count }: LoadOptions,
  settings: Settings,
  server: ServerProcess | undefined,
  seriesFile: string,
  say: (line: string) => void,
): Promise<LoadResult> {
  const startedAt = new Date().toISOString();
  say(`${scenario.name}: ${size.seconds} s against ${settings.url}`);
  const stop = new AbortController();
  let watched: Promise<CpuSample[]> = Promise.resolve([]);
  let ending: K6Ending;
  try {
    ending = await runK6(scenario.name, settings, seriesFile, (pid) => {
      watched = watchCpu(pid, server?.pid, stop.signal);
    });
  } finally {
    stop.abort();
  }
  const allCpu = await watched;
  const ended = await Promise.race([server?.ended, sleep(0, undefined)]);
  if (ended !== undefined) throw new Error(`the server ended under the load (${ended}):\n${server?.output()}`);
  if (!ending.isWhole) throw new Error(`k6 did not come to its end:\n${ending.output}`);
  const samples = await readSamples(seriesFile);
  const series = makeSeries(samples, scenario.request);
  if (series.answers.length === 0) throw new Error(`k6 sent nothing:\n${ending.output}`);
  const seconds = (series.toMs - series.fromMs) / 1_000;
  const cpu = allCpu.filter(({ atMs }) => atMs >= series.fromMs && atMs <= series.toMs);
  const dropped = samples.dropped.reduce((sum, { value }) => sum + value, 0);
  const verdicts: Verdict[] = [...(await readVerdicts(settings.summary)), someAnswer(series.latency?.count ?? 0)];
  const good = samples.answers.filter(({ kind }) => kind.isExpected).length;
  return {
    scenario: scenario.name,
    about: scenario.about,
    target: { url: settings.url, isOurs: server !== undefined },
    startedAt,
    size,
    count,
    seconds,
    requests: samples.answers.length,
    perSecond: seconds > 0 ? good / seconds : 0,
    areRequestsUsedUp: ending.areRequestsUsedUp,
    series,
    verdicts,
    generator: judgeGenerator(cpu, dropped),
    cpu,
    ok: verdicts.every(({ held }) => held),
  };
}

/** A threshold of a metric without samples holds in k6: this one does not. */
function someAnswer(count: number): Verdict {
  return { threshold: 'answers as they should be > 0', value: count, held: count > 0 };
}
