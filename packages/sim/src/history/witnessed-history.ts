import type { Chooser } from '../choice/chooser.ts';
import { Witnesses } from '../witnesses/witnesses.ts';
import type { HistoryOutcome } from './history.ts';
import { machineHistory } from './machine-history.ts';

/** One history of one machine whose log has three witnesses: down, slow, broken and lying ones among them. */
export function witnessedHistory(chooser: Chooser, told: boolean): Promise<HistoryOutcome> {
  return machineHistory(chooser, told, (around, published) => new Witnesses(around, published));
}
