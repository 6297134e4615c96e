/** A note of one key, and that key. */
export interface SignedByType {
  /** What the page calls it. */
  readonly type: string;
  readonly vkey: string;
  /** A checkpoint of `log.example`. */
  readonly note: string;
}

/** What the server hands to the check page, as JSON. Bytes are base64. */
export interface PageMaterial {
  /** A real entry of a real log, with a checkpoint that real witnesses cosigned. */
  readonly entry: {
    readonly origin: string;
    readonly vkey: string;
    readonly checkpoint: string;
    readonly index: number;
    readonly proof: readonly string[];
    readonly body: string;
    readonly policy: string;
  };
  /** One note a signature type, none of them signed by code of this package. */
  readonly notes: readonly SignedByType[];
  /** Roots of trees whose entry i is the text "record i", by size. */
  readonly roots: Readonly<Record<string, string>>;
  /** Milliseconds of one sample of a rate. */
  readonly sampleMs: number;
  /** Samples of each rate. */
  readonly rounds: number;
}

/** One line of the page. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** What came out, or why it failed. */
  readonly detail: string;
}

/** A rate measured in the page, in turns with `@noble/hashes`: the ninth tenth of many short samples. */
export interface PageRate {
  readonly name: string;
  readonly unit: string;
  readonly perSecond: number;
  readonly noblePerSecond: number;
  readonly timesAsFast: number;
}

/** What the page says when it is done. */
export interface PageReport {
  readonly backend: string;
  readonly checks: readonly CheckResult[];
  /** The tree of a million leaves, from its entries. */
  readonly tree: { readonly leaves: number; readonly leafSeconds: number; readonly treeSeconds: number };
  readonly rates: readonly PageRate[];
}
