import { asHash, equalBytes } from '@tilewright/core/bytes';
import { verifyInclusion } from '@tilewright/core/merkle';
import { type AnswerProof, describe, isCreated, isDuplicate, type WriteAnswer } from '../../soak/clients/answer.ts';
import type { EntryRequest } from '../load/request-supply.ts';
import type { CheckpointReader } from '../read/checkpoint-reader.ts';
import type { EntryBook } from './entry-book.ts';
import type { Ledger } from './ledger.ts';

/** Judges answers to good requests, and tells the ledger what they promise. */
export class AnswerJudge {
  readonly #ledger: Ledger;
  readonly #book: EntryBook;
  readonly #checkpoints: CheckpointReader;
  readonly #isOurs: boolean;

  /** `isOurs`: of Tilewright it is known how it refuses. */
  constructor(ledger: Ledger, book: EntryBook, checkpoints: CheckpointReader, isOurs: boolean) {
    this.#isOurs = isOurs;
    this.#ledger = ledger;
    this.#book = book;
    this.#checkpoints = checkpoints;
  }

  /** A good request goes out; the result is for `judge`. */
  send(request: EntryRequest): number | undefined {
    return this.#book.send(request.leaf);
  }

  /** Judges an answer. Whether the entry is in the log now; when it is not, the request may be sent again. */
  judge(request: EntryRequest, answer: WriteAnswer, known: number | undefined): boolean {
    if (isBusy(answer)) return false;
    if (!isCreated(answer) && !isDuplicate(answer)) {
      if (this.#isOurs) this.#ledger.violate(`a good request was answered ${describe(answer)}`);
      return false;
    }
    const { index } = answer;
    if (index === undefined || !Number.isSafeInteger(index)) {
      this.#ledger.violate(`${describe(answer)} names no index`);
      return false;
    }
    const fault = this.#book.answered(request.leaf, index, isCreated(answer), known);
    if (fault !== undefined) this.#ledger.violate(fault);
    this.#judgeEntry(request, answer, index);
    this.#ledger.acknowledge(index, request.leaf);
    return true;
  }

  #judgeEntry(request: EntryRequest, answer: WriteAnswer, index: number): void {
    if (answer.body !== undefined && !equalBytes(answer.body, request.body)) {
      this.#ledger.violate(`index ${index} was answered with another body`);
    }
    if (answer.proof !== undefined) this.#judgeProof(request, answer.proof, index);
    else if (isCreated(answer)) this.#ledger.violate(`index ${index} was answered without a proof`);
  }

  #judgeProof({ leaf }: EntryRequest, proof: AnswerProof, index: number): void {
    try {
      const tree = this.#checkpoints.open(proof.checkpoint);
      if (proof.treeSize !== tree.size || !equalBytes(proof.rootHash, tree.root)) {
        this.#ledger.violate(`index ${index}: the proof is of another tree than its checkpoint`);
      }
      verifyInclusion(leaf, index, tree, proof.hashes.map(asHash));
    } catch (error) {
      this.#ledger.violate(`index ${index}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** Whether the answer asks for a retry; the entry may be in the log all the same. */
export function isBusy({ transport, status }: WriteAnswer): boolean {
  return status === (transport === 'http' ? 503 : 14);
}
