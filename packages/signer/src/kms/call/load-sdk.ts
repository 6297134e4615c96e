import { SignerError } from '../../signer-error.ts';

/**
 * The library of Google Cloud KMS, loaded when first asked for: it and the first call take half a second and 50 MB, most
 * of it gRPC and descriptors.
 * @throws SignerError `kms-missing`
 */
export function loadGcpSdk(): Promise<typeof import('@google-cloud/kms')> {
  return import('@google-cloud/kms').catch((cause: unknown) => missing('Google Cloud KMS', '@google-cloud/kms', cause));
}

/**
 * The library of AWS KMS, loaded when first asked for: it and the first call take 0.2 seconds and 20 MB.
 * @throws SignerError `kms-missing`
 */
export function loadAwsSdk(): Promise<typeof import('@aws-sdk/client-kms')> {
  return import('@aws-sdk/client-kms').catch((cause: unknown) => missing('AWS KMS', '@aws-sdk/client-kms', cause));
}

function missing(service: string, library: string, cause: unknown): never {
  const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
  throw new SignerError(
    'kms-missing',
    isAbsent
      ? `keys of ${service} need the library ${library}, which is not installed; run: npm install ${library}`
      : `the library ${library}, which keys of ${service} need, cannot be loaded; install it again: npm install ${library}`,
    { cause },
  );
}
