/** What vitest's JSON reporter writes, as far as it is read here. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** The files whose tests failed, and whether trying them again can tell anything. */
export interface FailedFiles {
  readonly files: readonly string[];
  readonly tests: readonly string[];
  /** Tests that found a counterexample: random input that fails once is a finding, whatever happens the next time. */
  readonly findings: readonly string[];
}

const FINDING = /Property failed after|broke a promise/;

/** What failed in a run of the suite. */
export function failedFiles({ testResults }: TestReport): FailedFiles {
  const failed = testResults.filter(({ status }) => status === 'failed');
  const tests = failed.flatMap(({ name, message, assertionResults }) => {
    const own = assertionResults.filter(({ status }) => status === 'failed');
    // A file that could not even be loaded has no tests.
    if (own.length === 0) return [{ fullName: name, messages: [message ?? ''] }];
    return own.map(({ fullName, failureMessages }) => ({ fullName, messages: failureMessages ?? [] }));
  });
  return {
    files: failed.map(({ name }) => name),
    tests: tests.map(({ fullName }) => fullName),
    findings: tests
      .filter(({ messages }) => messages.some((text) => FINDING.test(text)))
      .map(({ fullName }) => fullName),
  };
}
