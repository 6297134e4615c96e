import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain, say } from '../cli/run-main.ts';
import { ourServer, REFERENCE_BINARY, REPOSITORY, referenceServer, requireReference } from '../server/commands.ts';
import { parseDeclarations } from './declared.ts';
import { startGcpLogs } from './gcp-log.ts';
import { allPhases, ourLogs, shortPhases } from './phases.ts';
import { type ParityResult, runParity, type ServerMaker } from './run-parity.ts';

const HELP = `usage: npm run parity -- [options]

Starts rekor-server-posix v2.3.0 and Tilewright with one key and sends both the same requests, good and bad, over HTTP
and gRPC, one after another; compares status, headers, bodies, indexes, proofs, checkpoints and metric names.
A difference that docs/parity.md does not declare fails the command.

  --reference PATH   rekor-server-posix (default .tools/bin/rekor-server-posix; tools/install puts it there)
  --self             compare the reference with itself: shows that the table itself is sound
  --gcp              ours on a bucket and a database on this machine (Spanner's emulator and fake-gcs-server: see
                     npm run dev-services) instead of its directory: nothing that clients see may depend on it
  --short            about 40 rows
  --json FILE        write what was found to FILE
  --verbose          print declared differences too
  --help

Exit status: 0 no undeclared difference; 1 at least one, or a declaration that nothing needs; 2 usage.
`;

const LONGEST_VALUE = 600;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      reference: { type: 'string', default: REFERENCE_BINARY },
      self: { type: 'boolean', default: false },
      gcp: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      json: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  requireReference(values.reference);
  const declarations = parseDeclarations(await readFile(join(REPOSITORY, 'docs', 'parity.md'), 'utf8'));
  const phases = values.short ? shortPhases(40) : allPhases();
  const logs = values.gcp ? await startGcpLogs(ourLogs(phases)) : undefined;
  const ours: ServerMaker = values.self
    ? (place, flags) => {
        const known = flags.filter((flag) => flag !== '--accept-dsse');
        return referenceServer(values.reference, place, known);
      }
    : (logs?.server ?? ourServer);
  const reference: ServerMaker = (place, flags) => referenceServer(values.reference, place, flags);
  const result = await runParity({ phases, declarations, reference, ours, say }).finally(() => logs?.stop());
  report(result, values.verbose);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
  const stale = !values.short && !values.self && result.unused.length > 0;
  return result.undeclared.length > 0 || stale ? 1 : 0;
}

function report(result: ParityResult, verbose: boolean): void {
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  for (const d of result.undeclared) {
    print(`UNDECLARED ${d.row}: ${d.field}\n  reference: ${shorten(d.reference)}\n  ours:      ${shorten(d.ours)}`);
  }
  if (verbose) {
    for (const { difference: d, by } of result.declared) {
      print(`declared (${by.kind}) ${d.row}: ${d.field}: ${shorten(d.reference)} -> ${shorten(d.ours)}`);
    }
  }
  for (const d of result.unused) print(`not needed: ${d.kind} ${d.row} ${d.field} ${d.reference} ${d.ours}`);
  const rows = new Set(result.undeclared.map((d) => d.row)).size;
  print(
    `${result.rows} rows: ${result.undeclared.length} undeclared differences in ${rows} rows, ` +
      `${result.declared.length} declared`,
  );
}

function shorten(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)`;
}

await runMain('parity', main);
