import { encodeBase64 } from '@tilewright/core/bytes';

/** Writes one PEM block with lines of 64 characters and a final newline (RFC 7468 section 3). */
export function formatPem(label: string, der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
