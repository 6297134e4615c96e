import { CoreError, type CoreErrorCode } from '@tilewright/core/error';
import type { CheckResult } from './page-material.ts';

/** Runs one check; whatever it throws becomes its result. */
export function runCheck(name: string, check: () => string): CheckResult {
  try {
    return { name, ok: true, detail: check() };
  } catch (error) {
    return { name, ok: false, detail: String(error) };
  }
}

/** Throws unless `run` throws a `CoreError` of that code. */
export function expectRefusal(code: CoreErrorCode, run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (error instanceof CoreError && error.code === code) return;
    throw error;
  }
  throw new Error(`something that should be refused as ${code} was accepted`);
}
