const NO_BACKEND =
  'that storage backend is not part of this program; it keeps the log in --storage-dir, or in --gcp-bucket and --gcp-spanner';

/** Flags of the other rekor-server binaries. They are refused with a reason, never ignored. */
export const otherBackendFlags: Readonly<Record<string, string>> = {
  'gcp-cloudsql-dsn': NO_BACKEND,
  'aws-bucket': NO_BACKEND,
  'aws-mysql-dsn': NO_BACKEND,
  'aws-max-open-conns': NO_BACKEND,
  'aws-max-idle-conns': NO_BACKEND,
};
