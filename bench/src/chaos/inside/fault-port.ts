// Loaded into every thread of the server by `--import`: does to its clock and its files what the control file says that
// its own URL names, and says so in a file beside it. It keeps no descriptor open and no thread alive.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { pid } from 'node:process';
import { threadId } from 'node:worker_threads';
import { type Acknowledgement, CALM, type Control } from './control.ts';
import { shiftClock } from './shifted-clock.ts';
import { slowFiles } from './slow-files.ts';

const LOOK_MS = 50;

const file = new URL(import.meta.url).searchParams.get('control');
if (file === null) throw new Error('name the control file: fault-port.ts?control=<path>');
const answer = `${file}.${pid}-${threadId}`;
// So that the first look is answered, too: then it is known which threads there are.
let control: Control = { ...CALM, generation: -1 };

shiftClock(() => control.clockShiftMs);
const files = slowFiles(() => control.syncDelayMs);
look(file);
setInterval(look, LOOK_MS, file).unref();

function look(path: string): void {
  const found = JSON.parse(readFileSync(path, 'utf8')) as Control;
  if (found.generation === control.generation) return;
  control = found;
  const said: Acknowledgement = {
    generation: found.generation,
    nowMs: Date.now(),
    delayedCalls: files.delayedCalls,
  };
  writeFileSync(`${answer}.new`, JSON.stringify(said));
  renameSync(`${answer}.new`, answer);
}
