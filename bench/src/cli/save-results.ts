import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../server/commands.ts';
import { say } from './run-main.ts';

/** Writes `bench/results/<time>-<kind>.json` and `.md`: the figures, and the table that says them. Returns the path without its end. */
export async function saveResults(kind: string, table: string, figures: object): Promise<string> {
  const folder = join(REPOSITORY, 'bench', 'results');
  await mkdir(folder, { recursive: true });
  const time = new Date().toISOString().slice(0, 16).replace(':', '');
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  const stem = join(folder, `${time}-${kind}`);
  await writeFile(`${stem}.json`, `${JSON.stringify({ time, machine, ...figures }, undefined, 1)}\n`);
  await writeFile(`${stem}.md`, `${time}, ${machine.cpus} × ${machine.model}, Node ${machine.node}\n\n${table}\n`);
  say(`written: ${stem}.json and .md`);
  return stem;
}
