import { equalBytes } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { LAYOUT } from '../directory/layout.ts';
import { PosixError } from '../posix-error.ts';
import type { RegisterReading } from '../register/register.ts';

/** Something that was damaged and could be rebuilt. */
export interface Repair {
  readonly path: string;
  readonly detail: string;
}

/** Where the log is, as its registers and its checkpoint agree. */
export interface Reconciled {
  readonly tree: Tree;
  readonly floor: Tree;
  /** The opening that wrote last; nothing when the register that says so is lost. */
  readonly epoch: number | undefined;
  readonly repairs: readonly Repair[];
}

/**
 * Brings registers and checkpoint together: published <= floor <= tree, one root a size. Whatever was signed had been
 * committed as the tree, and whatever was published had been signed: so a lost tree can be taken from the floor, and
 * a lost floor may be raised to the tree. Where nothing was lost, a contradiction is another log's part, or an old copy.
 *
 * @throws PosixError 'corrupt'
 */
export function reconcile(
  registers: { readonly tree: RegisterReading; readonly floor: RegisterReading },
  checkpoint: Tree | undefined,
): Reconciled {
  const repairs: Repair[] = [];
  const treeLost = registers.tree.value === undefined;
  if (treeLost && registers.floor.value === undefined) {
    throw new PosixError(
      'corrupt',
      `${LAYOUT.treeRegister} and ${LAYOUT.floorRegister} are both damaged: put ${LAYOUT.state} back from a backup made while the log was stopped`,
      { path: LAYOUT.treeRegister },
    );
  }
  let tree = registers.tree.value?.tree;
  if (registers.tree.damaged) {
    tree = largest([tree, registers.floor.value?.tree, registers.floor.damaged ? checkpoint : undefined]);
    repairs.push({ path: LAYOUT.treeRegister, detail: damagedSlot('the integrated tree', tree) });
  }
  let floor = registers.floor.value?.tree;
  if (registers.floor.damaged) {
    floor = tree;
    repairs.push({ path: LAYOUT.floorRegister, detail: damagedSlot('the signed floor', floor) });
  }
  if (tree === undefined || floor === undefined) throw new PosixError('corrupt', `${LAYOUT.state} is damaged`);
  if (!treeLost && (registers.floor.value?.epoch ?? 0) > (registers.tree.value?.epoch ?? 0)) {
    throw contradiction(`${LAYOUT.treeRegister} is older than ${LAYOUT.floorRegister}`, LAYOUT.treeRegister);
  }
  requireOrder(floor, 'the signed floor', tree, 'the integrated tree', LAYOUT.floorRegister);
  if (checkpoint) requireOrder(checkpoint, 'the checkpoint', floor, 'the signed floor', LAYOUT.checkpoint);
  return { tree, floor, epoch: registers.tree.value?.epoch, repairs };
}

function largest(trees: readonly (Tree | undefined)[]): Tree | undefined {
  return trees.reduce((most, tree) => (tree !== undefined && tree.size > (most?.size ?? -1) ? tree : most), undefined);
}

function damagedSlot(what: string, tree: Tree | undefined): string {
  return `a copy of ${what} was damaged or torn by a power loss; it goes on at ${tree?.size ?? 0} entries`;
}

function requireOrder(lower: Tree, lowerName: string, upper: Tree, upperName: string, path: string): void {
  if (lower.size > upper.size) {
    throw contradiction(`${lowerName} has ${lower.size} entries, ${upperName} ${upper.size}`, path);
  }
  if (lower.size === upper.size && !equalBytes(lower.root, upper.root)) {
    throw contradiction(`${lowerName} and ${upperName} have different roots at ${lower.size} entries`, path);
  }
}

function contradiction(what: string, path: string): PosixError {
  return new PosixError(
    'corrupt',
    `${what}: parts of this directory come from different copies or times. Going on would fork the log: put the whole directory back as it was last, or start a new log under another origin`,
    { path },
  );
}
