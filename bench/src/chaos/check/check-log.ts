import { proveInclusionFromSource } from '@tilewright/client';
import { equalBytes } from '@tilewright/core/bytes';
import { checkState } from '../../crash/judge/state-directory.ts';
import { replayLog } from '../../crash/read/replay-log.ts';
import { ourCommand } from '../../server/commands.ts';
import { runCommand } from '../../server/run-command.ts';
import type { ServerProcess } from '../../server/server-process.ts';
import { checkAtRest } from '../../soak/final-checks.ts';
import { Findings } from '../../soak/traffic/findings.ts';
import type { ChaosLog } from '../chaos-log.ts';

/** Share of the time that checks of the whole log after each fault may take: it grows with the log. */
const FSCK_SHARE = 0.2;
const PROOFS = 10;
const PROOFS_AT_END = 300;

/** Compares what a server serves with everything that the log ever promised. */
export class LogCheck {
  readonly #log: ChaosLog;
  readonly #random: () => number;
  readonly #began = performance.now();
  #fsckMs = 0;

  constructor(log: ChaosLog, random: () => number) {
    this.#log = log;
    this.#random = random;
  }

  /** A server whose clients have gone: nobody waits in it, nothing went wrong, and every promise holds. */
  async afterLoad(server: ServerProcess): Promise<void> {
    if (this.#log.isBroken) return;
    const findings = new Findings();
    await checkAtRest(server.command.ports, findings);
    for (const violation of findings.violations) this.#log.ledger.violate(violation);
    await this.run('new');
  }

  /**
   * Every promise holds; and log fsck is clean, unless such checks take too much of the time.
   * @param scope 'new': what was not compared before; 'all': everything again, from the first entry
   */
  async run(scope: 'new' | 'all'): Promise<void> {
    const { ledger, tally } = this.#log;
    if (this.#log.isBroken) return;
    try {
      if (scope === 'all') ledger.replayFromStart();
      await this.#compare(scope === 'all' ? PROOFS_AT_END : PROOFS);
      tally.count('checks', scope === 'all' ? 'every promise, from the first entry' : 'every promise');
    } catch (error) {
      ledger.violate(`the log cannot be read: ${error instanceof Error ? error.message : error}`);
    }
    const isAffordable = this.#fsckMs < FSCK_SHARE * (performance.now() - this.#began);
    if (scope === 'all' || isAffordable) await this.fsck();
  }

  /** A server that has just started: who holds the lock, and what the one before left behind. */
  async started(server: ServerProcess, onFullDisk = false): Promise<void> {
    await checkState(this.#log.storageDir, server.pid, this.#log.ledger, onFullDisk);
  }

  /** Has the whole log checked by Tilewright itself, in a process of its own. */
  async fsck(): Promise<void> {
    const { ledger, tally, storageDir, verifier } = this.#log;
    const started = performance.now();
    const { code, output } = await runCommand(ourCommand(['log', 'fsck', storageDir, '--vkey', verifier.vkey]));
    this.#fsckMs += performance.now() - started;
    tally.count('checks', 'whole log by log fsck');
    if (code !== 0) ledger.violate(`log fsck ended with exit ${code}:\n${output}`);
  }

  async #compare(proofs: number): Promise<void> {
    const log = this.#log;
    const { ledger, book, tally } = log;
    const source = log.source();
    try {
      log.entries = await replayLog(source, log.checkpoints, ledger, book);
      const checkpoint = await log.checkpoints.published(source);
      for (let i = 0; i < proofs && checkpoint !== undefined; i++) {
        const index = Math.floor(this.#random() * Math.min(ledger.promised().answers, checkpoint.size));
        const promised = ledger.acknowledged(index);
        if (promised === undefined) continue;
        const { leafHash } = await proveInclusionFromSource(source, checkpoint, index);
        tally.count('checks', 'inclusion proofs of answered entries');
        if (!equalBytes(leafHash, promised)) ledger.violate(`index ${index} holds another entry`);
      }
    } finally {
      source.close();
    }
  }
}
