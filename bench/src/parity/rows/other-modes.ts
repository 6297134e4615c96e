import { httpRequest } from '../exchange/http-request.ts';
import { bytesField } from '../exchange/protobuf.ts';
import type { Row } from '../row.ts';
import { specJson, specMessage } from './entry-spec.ts';
import { bothTransports } from './index.ts';
import { ecKey, p256Spec, signedSpec } from './keys.ts';

const CREATE = '/dev.sigstore.rekor.v2.Rekor/CreateEntry';

/** A frozen log (--read-only): writes are refused whatever they ask, once they parse. */
export function frozenRows(): Row[] {
  const post = (name: string, body: string, headers: string[] = []): Row => ({
    kind: 'http',
    name: `frozen/http-${name}`,
    request: httpRequest({ body, headers }),
    parserText: name === 'bad JSON',
  });
  const call = (name: string, message: Uint8Array): Row => ({
    kind: 'grpc',
    name: `frozen/grpc-${name}`,
    method: CREATE,
    message,
  });
  return [
    post('good', specJson(p256Spec('frozen'))),
    post('empty', ''),
    post('empty object', '{}'),
    post('bad JSON', '{'),
    post('deadline passed', '{}', ['Grpc-Timeout: 1n']),
    { kind: 'http', name: 'frozen/http-GET entries', request: httpRequest({ method: 'GET' }) },
    { kind: 'http', name: 'frozen/http-healthz', request: httpRequest({ method: 'GET', target: '/healthz' }) },
    { kind: 'http', name: 'frozen/http-unknown', request: httpRequest({ target: '/nope', body: '{}' }) },
    call('good', specMessage(p256Spec('frozen'))),
    call('empty', new Uint8Array()),
    call('bad message', Buffer.from('0aff', 'hex')),
    { kind: 'grpc', name: 'frozen/grpc-health', method: '/grpc.health.v1.Health/Check', message: new Uint8Array() },
  ];
}

/** Limits of `flagLimits`. */
export function limitedRows(): Row[] {
  const p384 = signedSpec(ecKey('P-384'), 'sha384', 12, 'limited');
  return [
    ...bothTransports('limited/p256', p256Spec('limited')),
    ...bothTransports('limited/p384', p384),
    { kind: 'http', name: 'limited/http-body at the limit', request: httpRequest({ body: ' '.repeat(1_000) }) },
    { kind: 'http', name: 'limited/http-body over the limit', request: httpRequest({ body: ' '.repeat(1_001) }) },
    { kind: 'grpc', name: 'limited/grpc-over the limit', method: CREATE, message: bytesField(99, ' '.repeat(1_000)) },
  ];
}

/** Flags that both servers take with one meaning. */
export const FLAG_LIMITS: readonly string[] = [
  '--max-request-body-size=1000',
  '--client-signing-algorithms=ecdsa-sha2-256-nistp256',
];
