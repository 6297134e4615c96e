import type { EcdsaBackend } from './ecdsa-backend.ts';
import { loadOpenSslEcdsa } from './openssl-ecdsa.ts';
import { portableEcdsa } from './portable-ecdsa.ts';

/** The backend that a thread verifies with, and why it is not the fast one. */
export interface ChosenBackend {
  readonly backend: EcdsaBackend;
  /** What kept OpenSSL from being used; `undefined` when it is used. */
  readonly fallbackReason: string | undefined;
}

/** OpenSSL of the running Node where it can be called, pure JavaScript elsewhere. `load` is an argument for tests. */
export async function chooseEcdsaBackend(load: () => Promise<EcdsaBackend> = loadOpenSslEcdsa): Promise<ChosenBackend> {
  try {
    return { backend: await load(), fallbackReason: undefined };
  } catch (error) {
    return { backend: portableEcdsa, fallbackReason: error instanceof Error ? error.message : String(error) };
  }
}
