/**
 * Runs `fn` and returns the error it throws, which must be of `type` and have `code`. Anything else fails the test that
 * calls this. Needs no test runner.
 *
 * @throws Error when `fn` returns, or throws something else (kept as `cause`).
 */
export function expectCode<E extends Error & { readonly code: string }>(
  fn: () => unknown,
  type: abstract new (...args: never[]) => E,
  code: E['code'],
): E {
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    return checkCode(error, type, code);
  }
  const hint = result instanceof Promise ? ' (it returned a promise: use expectCodeAsync)' : '';
  throw new Error(`expected ${type.name} with code ${code}, but nothing was thrown${hint}`);
}

/** As {@link expectCode}, for a function that returns a promise. */
export async function expectCodeAsync<E extends Error & { readonly code: string }>(
  fn: () => Promise<unknown>,
  type: abstract new (...args: never[]) => E,
  code: E['code'],
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checkCode(error, type, code);
  }
  throw new Error(`expected ${type.name} with code ${code}, but the promise was fulfilled`);
}

function checkCode<E extends Error & { readonly code: string }>(
  error: unknown,
  type: abstract new (...args: never[]) => E,
  code: E['code'],
): E {
  if (!(error instanceof type)) throw new Error(`expected ${type.name} with code ${code}`, { cause: error });
  if (error.code !== code) {
    throw new Error(`expected ${type.name} with code ${code}, but its code is ${error.code}`, { cause: error });
  }
  return error;
}
