const MOST_VIOLATIONS = 50;

/** What a soak run has seen: violations, each once and a bounded number of them, and answers by kind. */
export class Findings {
  readonly violations: string[] = [];
  readonly answers: Map<string, number> = new Map();

  violate(what: string): void {
    if (this.violations.length < MOST_VIOLATIONS && !this.violations.includes(what)) this.violations.push(what);
  }

  /** Counts an answer, or a way in which an exchange ended. */
  count(kind: string): void {
    this.answers.set(kind, (this.answers.get(kind) ?? 0) + 1);
  }
}
