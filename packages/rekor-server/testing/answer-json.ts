/** The parts of a JSON answer that tests read: those of an error and those of a `TransparencyLogEntry`. */
export interface AnswerJson {
  readonly code: number;
  readonly message: string;
  readonly details: readonly Readonly<Record<string, unknown>>[];
  readonly logIndex: string;
  readonly canonicalizedBody: string;
  readonly inclusionProof: {
    readonly rootHash: string;
    readonly treeSize: string;
    readonly hashes: readonly string[];
    readonly checkpoint: { readonly envelope: string };
  };
}

/** The body of an answer. What it lacks is `undefined`, whatever the type says. */
export async function answerJson(response: Response): Promise<AnswerJson> {
  return (await response.json()) as AnswerJson;
}
