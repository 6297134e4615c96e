import {
  adopted,
  adoptedHalfWay,
  checkpointPutBack,
  frozenForGood,
  identicalButUnsynced,
  registerGone,
} from '@tilewright/store-posix/testing';
import { test } from 'vitest';

test.each([
  ['a tile that somebody put back unsynced', identicalButUnsynced],
  ['a checkpoint that somebody put back unsynced', checkpointPutBack],
  ['a register that was gone', registerGone],
  ['the mark of a frozen log', frozenForGood],
  ["another program's log, adopted", adopted],
  ["another program's log, half adopted", adoptedHalfWay],
])('%s survives a power loss', (_, story) => story((fs) => fs));
