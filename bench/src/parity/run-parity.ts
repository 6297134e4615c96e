import type { LogPlace } from '../server/commands.ts';
import { type ServerCommand, type ServerProcess, startServer } from '../server/server-process.ts';
import { makeWorkspaceDir, type WorkspaceDir } from '../server/workspace-dir.ts';
import { differences } from './compare.ts';
import { type Declaration, type Difference, declarationOf } from './declared.ts';
import { send } from './exchange/send.ts';
import { metricShapes } from './metrics.ts';
import type { Phase } from './phases.ts';
import type { Answer } from './row.ts';

/** Makes the command of one server, at its defaults but for `flags`. */
export type ServerMaker = (place: LogPlace, flags: readonly string[]) => ServerCommand;

/** What to compare. */
export interface ParityPlan {
  readonly phases: readonly Phase[];
  readonly declarations: readonly Declaration[];
  readonly reference: ServerMaker;
  readonly ours: ServerMaker;
  /** Progress, one line each. */
  readonly say: (line: string) => void;
}

/** What was found. */
export interface ParityResult {
  readonly rows: number;
  readonly undeclared: readonly Difference[];
  readonly declared: readonly { readonly difference: Difference; readonly by: Declaration }[];
  /** Declarations that no difference needed. */
  readonly unused: readonly Declaration[];
}

/** Sends every row of every phase to both servers, which share one key and one origin, and compares the answers. */
export async function runParity(plan: ParityPlan): Promise<ParityResult> {
  const workspace = await makeWorkspaceDir();
  const found: Difference[] = [];
  let rows = 0;
  try {
    for (const phase of plan.phases) {
      plan.say(`${phase.name}: ${phase.rows.length} rows`);
      found.push(...(await runPhase(plan, phase, workspace)));
      rows += phase.rows.length;
    }
  } finally {
    await workspace.remove();
  }
  return { rows, ...judge(found, plan.declarations) };
}

async function runPhase(plan: ParityPlan, phase: Phase, workspace: WorkspaceDir): Promise<Difference[]> {
  const found: Difference[] = [];
  const servers: ServerProcess[] = [];
  try {
    const referencePlace = await workspace.place(`reference-${phase.log}`);
    const reference = await startServer(plan.reference(referencePlace, phase.flags));
    servers.push(reference);
    const ourPlace = await workspace.place(`ours-${phase.log}`);
    const ours = await startServer(plan.ours(ourPlace, [...phase.flags, ...phase.ourFlags]));
    servers.push(ours);
    for (const [i, row] of phase.rows.entries()) {
      const [left, right] = await Promise.all([send(row, reference.command.ports), send(row, ours.command.ports)]);
      found.push(...differences(row, left, right));
      if ((i + 1) % 50 === 0) plan.say(`  ${i + 1} of ${phase.rows.length}`);
    }
    if (phase.name === 'defaults') found.push(...(await compareMetrics(reference, ours)));
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
  return found;
}

async function compareMetrics(reference: ServerProcess, ours: ServerProcess): Promise<Difference[]> {
  const [left, right] = await Promise.all([
    metricShapes(reference.command.ports.metrics),
    metricShapes(ours.command.ports.metrics),
  ]);
  const none: Answer = {};
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].flatMap((name) => {
    const row = { kind: 'http', name: `metrics/${name}`, request: { bytes: new Uint8Array() } } as const;
    return differences(row, left.get(name) ?? none, right.get(name) ?? none);
  });
}

function judge(found: readonly Difference[], declarations: readonly Declaration[]): Omit<ParityResult, 'rows'> {
  const undeclared: Difference[] = [];
  const declared: { difference: Difference; by: Declaration }[] = [];
  for (const difference of found) {
    const by = declarationOf(difference, declarations);
    if (by === undefined) undeclared.push(difference);
    else declared.push({ difference, by });
  }
  const used = new Set(declared.map(({ by }) => by));
  return { undeclared, declared, unused: declarations.filter((declaration) => !used.has(declaration)) };
}
