const NO_BACKEND = 'that storage backend is not part of this program; it keeps the log in --storage-dir';

/** Flags of the other rekor-server binaries. They are refused with a reason, never ignored. */
export const otherBackendFlags: Readonly<Record<string, string>> = {
  'gcp-bucket': NO_BACKEND,
  'gcp-spanner': NO_BACKEND,
  'gcp-cloudsql-dsn': NO_BACKEND,
  'aws-bucket': NO_BACKEND,
  'aws-mysql-dsn': NO_BACKEND,
  'aws-max-open-conns': NO_BACKEND,
  'aws-max-idle-conns': NO_BACKEND,
};
