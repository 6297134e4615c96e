import { CoreError } from './core-error.ts';

/** What `read` returns; an error of it names the line that it reads, counted from 1. */
export function onLine<T>(number: number, read: () => T): T {
  return within(`line ${number}`, read);
}

/** What `read` returns; an error of it says in what. */
export function within<T>(part: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new CoreError(cause.code, `${part}: ${cause.message}`, { cause });
  }
}
