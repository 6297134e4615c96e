import type { Fs, FsFile } from '../fs/fs.ts';
import type { SyncPurpose } from '../fs/sync-purpose.ts';

/** A file system that does everything but the syncs of one purpose: those it only claims to have done. */
export function withoutSync(fs: Fs, left: SyncPurpose): Fs {
  const file = (real: FsFile): FsFile =>
    overriding(real, {
      fdatasync: (purpose) => (purpose === left ? Promise.resolve() : real.fdatasync(purpose)),
    });
  return overriding(fs, {
    open: async (path, mode, permissions) => file(await fs.open(path, mode, permissions)),
    fsyncDir: (path, purpose) => (purpose === left ? Promise.resolve() : fs.fsyncDir(path, purpose)),
  });
}

function overriding<T extends object>(real: T, changes: Partial<T>): T {
  return new Proxy(real, {
    get(target, name) {
      const value: unknown = Reflect.get(name in changes ? changes : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
