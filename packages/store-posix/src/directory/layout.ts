/** Names of a storage directory, relative to it. Everything private is below `.state`, which no static server shows. */
export const LAYOUT = {
  checkpoint: 'checkpoint',
  tiles: 'tile',
  state: '.state',
  /** What identifies the log, and the format version. */
  format: '.state/format.json',
  /** Held by the writer, through SQLite. Nothing else may ever open it. */
  lock: '.state/lock.db',
  /** Who holds the lock, for whoever finds it taken. */
  owner: '.state/owner.json',
  /** Write-ahead segments. */
  wal: '.state/wal',
  /** Files on their way to a name. */
  temp: '.state/tmp',
  /** Second versions of immutable objects: evidence. */
  conflicts: '.state/conflicts',
  treeRegister: '.state/tree',
  floorRegister: '.state/floor',
  collectedRegister: '.state/collected',
  /** Present when the log takes no more entries; says since when. */
  frozen: '.state/frozen',
  /** Present while a migration into this directory has not finished: only a migration may open it. */
  migrating: '.state/migrating',
  /** Room to publish the backlog on a full disk. */
  reserve: '.state/reserve',
  dedupe: '.state/dedupe.db',
  /** Files that take turns as the checkpoint. */
  checkpoints: '.state/checkpoints',
} as const;

/** Where a state directory is built before it gets its name. */
export const STATE_UNDER_CONSTRUCTION = '.state.new';
/** Where adoption keeps the state directory of the program that wrote the log before. */
export const STATE_BEFORE_ADOPTION = '.state.before-adoption';

/** Permissions of what everybody may read. */
export const PUBLIC_DIRECTORY = 0o755;
export const PUBLIC_FILE = 0o644;
/** Permissions of what only the log's user may read. */
export const PRIVATE_DIRECTORY = 0o700;
export const PRIVATE_FILE = 0o600;

/** Size of a record's padding, a register's slot and a segment's header: the unit of a torn write, in bytes. */
export const BLOCK = 4096;
