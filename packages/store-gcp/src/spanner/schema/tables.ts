/** The format of the tables that this program reads and writes. */
export const FORMAT = 1;

/** Rows of `Coord`: each is one number of the log's state, locked on its own. */
export const COORDS = ['next', 'tree', 'signed', 'collected', 'dedupe'] as const;

/** The name of a row of `Coord`. */
export type CoordName = (typeof COORDS)[number];

/** The statements that make our tables where they are missing. `prefix` MUST have been checked: it is a part of them. */
export function createTables(prefix: string): string[] {
  const table = (name: string): string => `CREATE TABLE IF NOT EXISTS ${prefix}${name}`;
  return [
    `${table('Meta')} (
  id INT64 NOT NULL,
  format INT64 NOT NULL,
  origin STRING(MAX),
  logId BYTES(32),
  entries STRING(16),
  filling INT64
) PRIMARY KEY (id)`,
    `${table('Coord')} (
  name STRING(16) NOT NULL,
  size INT64 NOT NULL,
  root BYTES(32),
  changedAt TIMESTAMP OPTIONS (allow_commit_timestamp = true),
  frozenAtMs INT64
) PRIMARY KEY (name)`,
    `${table('Batch')} (
  token BYTES(16) NOT NULL,
  first INT64 NOT NULL,
  count INT64 NOT NULL,
  committedAt TIMESTAMP NOT NULL OPTIONS (allow_commit_timestamp = true)
) PRIMARY KEY (token), ROW DELETION POLICY (OLDER_THAN(committedAt, INTERVAL 1 DAY))`,
    `${table('Seq')} (
  last INT64 NOT NULL,
  first INT64 NOT NULL,
  entries BYTES(MAX) NOT NULL
) PRIMARY KEY (last)`,
    `${table('Dedupe')} (
  id BYTES(32) NOT NULL,
  idx INT64 NOT NULL
) PRIMARY KEY (id)`,
  ];
}
