/** Where a log is that several replicas serve: a bucket for its objects, a database for everything else. */
export const gcpFlags = {
  storage: {
    type: 'string',
    choices: ['posix', 'gcp'],
    group: 'The log',
    help: 'Where the log is: posix, in --storage-dir on this machine, for one process; or gcp, in a bucket of Google Cloud Storage and a Spanner database, for any number of replicas. Without it, gcp when --gcp-bucket or --gcp-spanner is given.',
  },
  'gcp-bucket': {
    type: 'string',
    default: '',
    group: 'Google Cloud',
    placeholder: 'BUCKET',
    upstream: 'cloud',
    help: 'Bucket that holds the checkpoint, tiles and entries; readers may read it without this server.',
  },
  'gcp-bucket-prefix': {
    type: 'string',
    default: '',
    group: 'Google Cloud',
    placeholder: 'PREFIX',
    help: 'Folder of the bucket that the log is in, for several logs in one bucket.',
  },
  'gcp-spanner': {
    type: 'string',
    default: '',
    group: 'Google Cloud',
    placeholder: 'DATABASE',
    upstream: 'cloud',
    help: 'Database that holds the order of entries and the state: projects/P/instances/I/databases/D. `tilewright db init` makes its tables.',
    difference: 'the tables are made by `tilewright db init`, not by the server; there is no second database',
  },
  'gcp-spanner-table-prefix': {
    type: 'string',
    default: '',
    group: 'Google Cloud',
    placeholder: 'PREFIX',
    help: 'Before the name of each table, for several logs in one database.',
  },
  'gcp-storage-endpoint': {
    type: 'string',
    group: 'Google Cloud',
    placeholder: 'URL',
    help: "Where Cloud Storage answers when not at Google's own address; over http://, without credentials. STORAGE_EMULATOR_HOST is honoured too.",
  },
  'gcp-spanner-endpoint': {
    type: 'string',
    group: 'Google Cloud',
    placeholder: 'HOST[:PORT]',
    help: "Where Spanner answers when not at Google's own address. An emulator is named by SPANNER_EMULATOR_HOST.",
  },
} as const;
