import { readFile } from 'node:fs/promises';
import { type LogVerifier, noteVerifierFromVkey, SignerError } from '@tilewright/signer';
import { runMain } from '../cli/run-main.ts';
import { HELP } from './help.ts';
import { type HammerCommand, readOptions } from './options.ts';
import { Refused } from './refused.ts';
import { describeResult } from './result/describe-result.ts';
import { writeEvidence } from './result/evidence.ts';
import { runHammer } from './run-hammer.ts';
import { liveView } from './view/live-view.ts';
import { Progress } from './view/progress.ts';

async function main(): Promise<number> {
  const command = readOptions(process.argv.slice(2), new Date());
  if (command === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const { stderr } = process;
  const screen = {
    isTerminal: stderr.isTTY === true,
    columns: stderr.columns ?? 80,
    write: (text: string): void => void stderr.write(text),
  };
  const view = liveView(screen, performance.now());
  const progress = new Progress();
  try {
    const { result, violations } = await runHammer(command, await readKey(command), {
      say: (line) => view.say(line),
      watch: (parts, seconds) => view.update(() => progress.lines(parts, seconds), performance.now()),
    });
    view.end();
    process.stdout.write(command.json ? `${JSON.stringify(result, undefined, 2)}\n` : describeResult(result));
    if (result.ok) return 0;
    await writeEvidence(command.evidence, violations);
    view.say(`the evidence is in ${command.evidence}`);
    return 1;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    view.end();
    stderr.write(`hammer: ${error.message}\n`);
    return 2;
  }
}

async function readKey({ vkey }: HammerCommand): Promise<LogVerifier> {
  try {
    return noteVerifierFromVkey('text' in vkey ? vkey.text : await readFile(vkey.file, 'utf8'));
  } catch (cause) {
    if (cause instanceof SignerError) throw new Refused(`the log's key: ${cause.message}`, { cause });
    if ('file' in vkey) throw new Refused(`the file of the log's key, ${vkey.file}, cannot be read`, { cause });
    throw cause;
  }
}

await runMain('hammer', main);
