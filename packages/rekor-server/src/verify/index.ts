export { type ChosenBackend, chooseEcdsaBackend } from './ecdsa/choose-backend.ts';
export type { EcdsaBackend } from './ecdsa/ecdsa-backend.ts';
export { portableEcdsa } from './ecdsa/portable-ecdsa.ts';
export { createVerifySignature } from './verify-signature.ts';
