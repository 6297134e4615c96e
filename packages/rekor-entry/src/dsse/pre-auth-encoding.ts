import { concatBytes, encodeUtf8 } from '@tilewright/core/bytes';

/** The bytes that a DSSE signature is made over (DSSE protocol, PAE): the lengths in bytes, the payload as it is. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const type = encodeUtf8(payloadType);
  return concatBytes(encodeUtf8(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `), payload);
}
