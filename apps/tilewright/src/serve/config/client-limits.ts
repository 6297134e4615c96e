/**
 * What clients cannot do with a log of this kind of key; `undefined` when there is nothing to say.
 * @param keyDetails name in the protobuf enum `PublicKeyDetails`
 */
export function clientLimit(keyDetails: string): string | undefined {
  if (/_P(?:384|521)_/.test(keyDetails)) {
    return 'sigstore-js cannot verify a log with a key on P-384 or P-521: it hashes with SHA-256 whatever the key';
  }
  if (keyDetails.startsWith('PKIX_RSA_')) {
    return 'sigstore-js cannot read a trusted root with the RSA key of a log: it takes it for a key in PKCS#1 form';
  }
  return undefined;
}
