import { type Command, defineCommand } from '../../cli/command.ts';
import { printFacts } from '../../terminal/print-facts.ts';
import { databaseFlags, onDatabase } from './spanner-command.ts';

/** `tilewright db migrate`. */
export const dbMigrate: Command = defineCommand({
  name: 'db migrate',
  summary: 'Bring the tables of an older program up to this one',
  description:
    'Upgrades the tables of serve --storage gcp to the format of this program. Nothing is done where they have it already; tables of a newer program are refused. Stop the servers of the log first: those of the older program refuse the upgraded tables.',
  usage: '--gcp-spanner <database> [flags]',
  examples: ['tilewright db migrate --gcp-spanner projects/p/instances/rekor/databases/log'],
  args: { min: 0, max: 0 },
  flags: databaseFlags,
  configurable: true,
  async run({ resolved }, io) {
    const { values } = resolved;
    const { migrateSchema } = await import('@tilewright/store-gcp');
    const done = await onDatabase(resolved, io, migrateSchema);
    printFacts(
      io,
      values.json,
      { database: values['gcp-spanner'], tables: done },
      { database: 'Database', tables: 'Tables' },
    );
    return 0;
  },
});
