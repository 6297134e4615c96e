import { sign } from 'node:crypto';
import { httpRequest } from '../exchange/http-request.ts';
import { bytesField, varintField } from '../exchange/protobuf.ts';
import type { Row } from '../row.ts';
import { KEY_DETAILS } from './entry-spec.ts';
import { ecKey } from './keys.ts';

const CREATE = '/dev.sigstore.rekor.v2.Rekor/CreateEntry';
const PAYLOAD = Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}');
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** dsse 0.0.2 requests: v2.3.0 knows no such entry; ours takes them under --accept-dsse. */
export function dsseRows(): Row[] {
  const key = ecKey('P-256');
  const signature = sign('sha256', preAuthentication(), key.privateKey);
  const json = {
    dsseRequestV002: {
      envelope: {
        payload: PAYLOAD.toString('base64'),
        payloadType: PAYLOAD_TYPE,
        signatures: [{ sig: signature.toString('base64'), keyid: '' }],
      },
      verifiers: [{ publicKey: { rawBytes: key.spki.toString('base64') }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' }],
    },
  };
  const envelope = [bytesField(1, PAYLOAD), bytesField(2, PAYLOAD_TYPE), bytesField(3, bytesField(1, signature))];
  const verifier = [bytesField(1, bytesField(1, key.spki)), varintField(3, KEY_DETAILS.PKIX_ECDSA_P256_SHA_256)];
  const request = [bytesField(1, Buffer.concat(envelope)), bytesField(2, Buffer.concat(verifier))];
  const message = bytesField(2, Buffer.concat(request));
  return [
    { kind: 'http', name: 'dsse/http-good', request: httpRequest({ body: JSON.stringify(json) }) },
    { kind: 'grpc', name: 'dsse/grpc-good', method: CREATE, message },
    { kind: 'http', name: 'dsse/http-empty', request: httpRequest({ body: '{"dsseRequestV002":{}}' }) },
    { kind: 'grpc', name: 'dsse/grpc-empty', method: CREATE, message: bytesField(2, '') },
  ];
}

/** DSSE v1.0.2, PAE. */
function preAuthentication(): Buffer {
  const head = `DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${PAYLOAD.length} `;
  return Buffer.concat([Buffer.from(head), PAYLOAD]);
}
