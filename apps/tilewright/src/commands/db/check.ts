import type { SchemaState } from '@tilewright/store-gcp';
import { type Command, defineCommand } from '../../cli/command.ts';
import { printFacts } from '../../terminal/print-facts.ts';
import { databaseFlags, onDatabase } from './spanner-command.ts';

/** `tilewright db check`. */
export const dbCheck: Command = defineCommand({
  name: 'db check',
  summary: 'Check that a Spanner database has the tables that this program needs',
  description:
    'Reads one row and changes nothing. Exit status 0 means that serve --storage gcp of this version can start on the database; 1 that db init or db migrate has to run first, or a newer program; it says which. Made for jobs that hold a rollout back until then.',
  usage: '--gcp-spanner <database> [flags]',
  examples: ['tilewright db check --gcp-spanner projects/p/instances/rekor/databases/log'],
  args: { min: 0, max: 0 },
  flags: databaseFlags,
  configurable: true,
  async run({ resolved }, io) {
    const { values } = resolved;
    const { readSchema } = await import('@tilewright/store-gcp');
    const state = await onDatabase(resolved, io, readSchema);
    const facts = { database: values['gcp-spanner'], tables: state.kind, next: adviceOf(state), ...logOf(state) };
    printFacts(io, values.json, facts, {
      database: 'Database',
      tables: 'Tables',
      next: 'Next',
      origin: 'Origin',
      logId: 'Log id',
      entries: 'Entries',
    });
    return state.kind === 'current' && state.filling === undefined ? 0 : 1;
  },
});

/** What the operator does next. */
function adviceOf(state: SchemaState): string {
  switch (state.kind) {
    case 'no-database':
      return 'there is no such database: make it, or run tilewright db init --create';
    case 'none':
      return 'run tilewright db init';
    case 'older':
      return `the tables are of format ${state.format}: stop the servers and run tilewright db migrate`;
    case 'newer':
      return `the tables are of format ${state.format}: use the program that made them`;
    case 'current':
      if (state.filling) return 'a migration is filling them: run tilewright log migrate to its end';
      return state.identity === undefined ? 'serve makes the log at its first start' : 'serve goes on with the log';
  }
}

function logOf(state: SchemaState): Readonly<Record<string, string>> {
  if (state.kind !== 'current' || state.identity === undefined) return {};
  const { origin, logId, entries } = state.identity;
  return { origin, logId: Buffer.from(logId).toString('base64'), entries };
}
