import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The floor table of ARCHITECTURE.md: a package imports only from lower floors; within F1, an entry reads the messages. */
const FLOORS: Readonly<Record<string, number>> = {
  '@tilewright/core': 0,
  '@tilewright/signer': 1,
  '@tilewright/rekor-proto': 1,
  '@tilewright/rekor-entry': 1,
  '@tilewright/trust': 1,
  '@tilewright/log': 2,
  '@tilewright/witness': 2,
  '@tilewright/client': 2,
  '@tilewright/fuzz': 3,
  '@tilewright/store-memory': 3,
  '@tilewright/store-posix': 3,
  '@tilewright/store-gcp': 3,
  '@tilewright/rekor-server': 3,
  tilewright: 4,
  '@tilewright/bench': 4,
  '@tilewright/sim': 4,
  '@tilewright/core-browser': 4,
};

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = new URL('..', import.meta.url);
const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(new URL(`${parent}/`, root)).map((child) => `${parent}/${child}`),
);

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(new URL(`${folder}/package.json`, root), 'utf8'));
}

const manifests = [...folders, 'bench'].map(manifest);

test('every package has a floor, and every floor a package', () => {
  expect(manifests.map(({ name }) => name).sort()).toEqual(Object.keys(FLOORS).sort());
});

test.each(manifests.map((m) => [m.name, m] as const))(
  '%s depends on lower floors only',
  (name, { dependencies = {} }) => {
    const own = FLOORS[name] ?? -1;
    for (const dependency of Object.keys(dependencies)) {
      const floor = FLOORS[dependency];
      if (floor === undefined) continue;
      const allowed = floor < own || (floor === 1 && own === 1);
      expect(allowed, `${name} (F${own}) must not import ${dependency} (F${floor})`).toBe(true);
    }
  },
);

test('core depends on cryptography alone', () => {
  const core = manifests.find(({ name }) => name === '@tilewright/core');
  expect(Object.keys(core?.dependencies ?? {}).every((name) => name.startsWith('@noble/'))).toBe(true);
});
