import { type Command, defineCommand } from '../../cli/command.ts';
import { printFacts } from '../../terminal/print-facts.ts';
import { databaseFlags, onDatabase } from './spanner-command.ts';

/** `tilewright db init`. */
export const dbInit: Command = defineCommand({
  name: 'db init',
  summary: 'Make the tables of a log in a Spanner database',
  description:
    'Makes the tables that serve --storage gcp keeps a log in: the order of entries, the state, and the index of duplicates. Tables that are there already stay as they are, so that it can run before every start; several runs at once do no harm.',
  usage: '--gcp-spanner <database> [--create] [flags]',
  examples: [
    'tilewright db init --gcp-spanner projects/p/instances/rekor/databases/log',
    'tilewright db init --create --gcp-spanner projects/p/instances/rekor/databases/log',
  ],
  args: { min: 0, max: 0 },
  flags: {
    ...databaseFlags,
    create: {
      type: 'bool',
      default: false,
      help: 'Make the database too when it does not exist; on an emulator also its instance.',
    },
  },
  configurable: true,
  async run({ resolved }, io) {
    const { values } = resolved;
    const { initSchema } = await import('@tilewright/store-gcp');
    const done = await onDatabase(resolved, io, (connection) => initSchema(connection, { create: values.create }));
    printFacts(
      io,
      values.json,
      { database: values['gcp-spanner'], tables: done },
      { database: 'Database', tables: 'Tables' },
    );
    return 0;
  },
});
