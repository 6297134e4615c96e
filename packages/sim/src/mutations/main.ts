import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ALL_MUTATIONS, mutationNamed } from './lists/all-mutations.ts';
import type { Mutation } from './mutation.ts';
import { mutationTable } from './mutation-table.ts';
import { runGate } from './run/gate.ts';
import type { Verdict } from './run/verdict.ts';

const HELP = `The mutation gate: takes one rule of the commit protocols away at a time, and runs the simulator until a promise breaks.

  npm run mutations -- [options]

  --only NAME     only this mutation, or those whose name begins so; may be repeated
  --seeds N       histories for each mutation (3000)
  --from SEED     the first of them (1)
  --seconds T     longest time for each mutation (120)
  --world WORLD   'machine' or 'replicas' instead of the one that the list says
  --json          one JSON line for each
  --write         write the table packages/sim/mutations.md (only for a run of all)
  --help          this

Ends with status 1 when a mutation was not caught.`;

const TABLE = fileURLToPath(new URL('../../mutations.md', import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seeds: { type: 'string', default: '3000' },
    from: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '120' },
    world: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function line(name: string, verdict: Verdict): string {
  if (values.json) return JSON.stringify(verdict);
  if (!verdict.caught) return `NOT CAUGHT  ${name} (${verdict.histories} histories, ${verdict.ms} ms)`;
  const where = verdict.seed === undefined ? 'test' : `seed ${verdict.seed}`;
  return `caught  ${name}: ${where}, ${verdict.notice}: ${verdict.message?.split('\n')[0]}`;
}

if (values.help) {
  console.log(HELP);
} else {
  setPriority(5);
  const only = values.only ?? [];
  for (const name of only) if (!ALL_MUTATIONS.some((each) => each.name.startsWith(name))) mutationNamed(name);
  const picked = ALL_MUTATIONS.filter(({ name }) => only.length === 0 || only.some((start) => name.startsWith(start)));
  const { world } = values;
  const inWorld: readonly Mutation[] =
    world === 'machine' || world === 'replicas' || world === 'witnessed' || world === 'signed'
      ? picked.map((mutation) => ({ ...mutation, world }))
      : picked;
  const limits = { seeds: Number(values.seeds), from: Number(values.from), seconds: Number(values.seconds) };
  const tried = inWorld.filter(({ settled }) => settled === undefined || only.length > 0);
  const verdicts = await runGate(tried, limits, ({ name }, verdict) => console.log(line(name, verdict)));
  const missed = tried.filter(({ name, settled }) => settled === undefined && verdicts.get(name)?.caught !== true);
  if (!values.json) console.log(`${tried.length - missed.length} of ${tried.length} caught`);
  if (values.write && only.length === 0) writeFileSync(TABLE, mutationTable(ALL_MUTATIONS, verdicts));
  process.exitCode = missed.length > 0 ? 1 : 0;
}
