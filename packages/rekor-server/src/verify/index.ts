export { type ChosenBackend, chooseEcdsaBackend } from './choose-backend.ts';
export type { EcdsaBackend } from './ecdsa-backend.ts';
export { portableEcdsa } from './portable-ecdsa.ts';
export { createVerifySignature } from './verify-signature.ts';
