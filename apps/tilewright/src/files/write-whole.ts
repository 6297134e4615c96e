import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file that other programs may read meanwhile: they see the old one or the new one, whole. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
