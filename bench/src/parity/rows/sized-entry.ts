import { canonicalBody } from '../../crash/canonical-body.ts';
import { inCertificate } from './accepted-entries.ts';
import type { EntrySpec } from './entry-spec.ts';
import { p256Spec } from './keys.ts';

/** A log entry may have this many bytes: its length travels as a uint16 (tlog-tiles, Log Entries). */
const MAX_ENTRY = 65_535;
const BASE64_BLOCK = 4;

/** A valid request whose entry is as large as base64 allows within the limit, or the next larger one. */
export function entryAtLimit(over: boolean): EntrySpec {
  const [least, most] = over ? [MAX_ENTRY + 1, MAX_ENTRY + BASE64_BLOCK] : [MAX_ENTRY - BASE64_BLOCK + 1, MAX_ENTRY];
  // Signatures vary by a byte or two, and the certificate with them: aims again until one fits.
  for (let padding = 48_000; ; ) {
    const spec = inCertificate(p256Spec(`${over}`), new Date(), padding);
    const size = entrySize(spec);
    if (size >= least && size <= most) return spec;
    padding += Math.round(((least - size) * 3) / BASE64_BLOCK) + 1;
  }
}

function entrySize({ digest, signature, x509Certificate }: EntrySpec): number {
  const none = new Uint8Array();
  const verifier = { x509Certificate: x509Certificate ?? none };
  return canonicalBody({ digest: digest ?? none, signature: signature ?? none, verifier }).length;
}
