const NO_BACKEND = 'that storage backend is not part of this program; it keeps the log in --storage-dir';
const NO_KMS = 'keys in a KMS or a Tink keyset are not supported; --signer-filepath names a key file';

/** Flags of the other rekor-server binaries. They are refused with a reason, never ignored. */
export const otherBackendFlags: Readonly<Record<string, string>> = {
  'gcp-bucket': NO_BACKEND,
  'gcp-spanner': NO_BACKEND,
  'gcp-kms-retries': NO_KMS,
  'gcp-kms-timeout': NO_KMS,
  'gcp-cloudsql-dsn': NO_BACKEND,
  'aws-bucket': NO_BACKEND,
  'aws-mysql-dsn': NO_BACKEND,
  'aws-max-open-conns': NO_BACKEND,
  'aws-max-idle-conns': NO_BACKEND,
  'signer-kmskey': NO_KMS,
  'signer-kmshash': NO_KMS,
  'signer-tink-kek-uri': NO_KMS,
  'signer-tink-keyset-path': NO_KMS,
};
