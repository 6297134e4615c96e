/** What a disk is asked for, in the order in which it arrives; a mark is a note of whoever records. */
export type BlockEvent =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Uint8Array }
  /** Everything that was written before is durable from here on. */
  | { readonly kind: 'flush' }
  | { readonly kind: 'mark'; readonly number: number };

/** Name of the file that is the disk, below the mount point of the recording file system. */
export const DISK_FILE = 'disk';
/** Name of the file whose writes are marks: their numbers, four bytes each, little-endian. */
export const MARK_FILE = 'mark';
