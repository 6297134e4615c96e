import { readFile, writeFile } from 'node:fs/promises';
import { worldOf } from './history/worlds.ts';
import { describeExhaustive, exhaust } from './run/exhaust.ts';
import { HELP, readOptions, type SimulateOptions, UsageError } from './run/options.ts';
import { describeReplay, replay, shrunk } from './run/replay.ts';
import { describeReport, type SeedReport, simulateSeeds } from './run/simulate-seeds.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.decisions !== undefined) return tell(options);
  if (options.replay !== undefined) return tellSeed(options.replay, options);
  if (options.exhaustive) return everything(options);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const before: SeedReport | undefined =
    options.resume && options.report !== undefined ? JSON.parse(await readFile(options.report, 'utf8')) : undefined;
  const report = await simulateSeeds(options, say, interrupted.signal, before);
  const text = `${JSON.stringify(report, undefined, 2)}\n`;
  if (options.report !== undefined) await writeFile(options.report, text);
  process.stdout.write(options.json ? text : describeReport(report));
  return report.failed.length === 0 ? 0 : 1;
}

async function everything(options: SimulateOptions): Promise<number> {
  const report = await exhaust(options.jobs, say);
  const text = `${JSON.stringify(report, undefined, 2)}\n`;
  if (options.report !== undefined) await writeFile(options.report, text);
  process.stdout.write(options.json ? text : describeExhaustive(report));
  return report.searches.every(({ failed }) => failed.length === 0) ? 0 : 1;
}

async function tell({ world = 'machine', decisions = [] }: SimulateOptions): Promise<number> {
  const told = await replay(world, decisions);
  process.stdout.write(describeReplay(world, told));
  return told.broken === undefined ? 0 : 1;
}

async function tellSeed(seed: number, options: SimulateOptions): Promise<number> {
  const world = options.world ?? worldOf(seed);
  const whole = await replay(world, seed);
  process.stdout.write(describeReplay(world, whole));
  if (whole.broken === undefined) return 0;
  say('looking for the shortest history that breaks the same promise');
  process.stdout.write(describeReplay(world, await shrunk(world, seed)));
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  say(`simulate: ${message}`);
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  process.exitCode = isUsage ? 2 : 1;
}
