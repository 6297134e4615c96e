import type { Meter } from '@tilewright/fuzz';
import type { Fs, FsFile } from '@tilewright/store-posix';

/** The same file system, with every byte that is read of a file asked for at the meter first. */
export function meterFs(fs: Fs, meter: Meter): Fs {
  const metered: Pick<Fs, 'open' | 'readFile'> = {
    async open(path, mode, permissions) {
      const file = await fs.open(path, mode, permissions);
      const pread: FsFile['pread'] = async (into, offset) => {
        meter.ask(path, into.length);
        return file.pread(into, offset);
      };
      return {
        pread,
        pwrite: (bytes, offset) => file.pwrite(bytes, offset),
        fdatasync: (purpose) => file.fdatasync(purpose),
        truncate: (size) => file.truncate(size),
        stat: () => file.stat(),
        close: () => file.close(),
      };
    },
    async readFile(path) {
      meter.ask(path, (await fs.stat(path))?.size ?? 0);
      return fs.readFile(path);
    },
  };
  return {
    ...metered,
    self: fs.self,
    link: (from, to) => fs.link(from, to),
    rename: (from, to) => fs.rename(from, to),
    unlink: (path) => fs.unlink(path),
    dropName: (path) => fs.dropName(path),
    mkdir: (path, permissions) => fs.mkdir(path, permissions),
    rmdir: (path) => fs.rmdir(path),
    fsyncDir: (path, purpose) => fs.fsyncDir(path, purpose),
    readdir: (path) => fs.readdir(path),
    stat: (path) => fs.stat(path),
    freeBytes: (path) => fs.freeBytes(path),
    lock: (path) => fs.lock(path),
    lockedAmong: (paths) => fs.lockedAmong(paths),
  };
}
