import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runMain, say } from '../cli/run-main.ts';
import { Refused } from '../hammer/refused.ts';
import { REPOSITORY } from '../server/commands.ts';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { HELP } from './help.ts';
import { requireK6 } from './k6/k6-binary.ts';
import { type LoadCommand, readOptions } from './options.ts';
import { describeResult } from './report/describe-result.ts';
import { reportPage } from './report/report-page.ts';
import { runLoad } from './run-load.ts';

async function main(): Promise<number> {
  const command = readOptions(process.argv.slice(2));
  if (command === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    requireK6();
    return await load(command);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(`load: ${error.message}`);
    return 2;
  }
}

async function load(command: LoadCommand): Promise<number> {
  const scratch = join(REPOSITORY, 'bench', 'data');
  await mkdir(scratch, { recursive: true });
  const workspace = await makeWorkspaceDir(scratch);
  try {
    const result = await runLoad(command, workspace, say);
    const time = result.startedAt.slice(0, 16).replace(':', '');
    const out = command.out ?? join(REPOSITORY, 'bench', 'results', `${time}-load-${result.scenario}.html`);
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, reportPage(result));
    process.stdout.write(command.json ? `${JSON.stringify(result, undefined, 1)}\n` : describeResult(result));
    say(`report: ${out}`);
    return result.ok ? 0 : 1;
  } finally {
    await workspace.remove();
  }
}

await runMain('load', main);
