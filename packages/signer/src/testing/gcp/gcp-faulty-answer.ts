import { status } from '@grpc/grpc-js';
import type { KmsTestFault } from '../fault-switch.ts';
import type { GcpTestKeys } from './gcp-keys.ts';
import { type GcpAnswer, type GcpRequest, GcpStatus, gcpMethods } from './gcp-methods.ts';
import { RawAnswer } from './gcp-proto.ts';

const OTHER_KEY = 'projects/test-project/locations/global/keyRings/ring/cryptoKeys/other';

/** What the service answers to a call of a method, with this fault. @throws GcpStatus */
export function faultyAnswer(
  fault: KmsTestFault | undefined,
  method: string,
  request: GcpRequest,
  keys: GcpTestKeys,
): GcpAnswer | RawAnswer {
  switch (fault) {
    case 'down':
      throw new GcpStatus(status.UNAVAILABLE, 'The service is currently unavailable.');
    case 'throttling':
      throw new GcpStatus(status.RESOURCE_EXHAUSTED, 'Quota exceeded.');
    case 'refusing':
      throw new GcpStatus(
        status.PERMISSION_DENIED,
        `Permission denied on resource '${request.name}${request.parent}'.`,
      );
    case 'garbage':
      return new RawAnswer(Buffer.alloc(12, 0xff));
    case 'empty':
      return {};
    default: {
      const answer = gcpMethods[method]?.(request, keys, fault === 'other-signature') ?? {};
      return Object.fromEntries(Object.entries(answer).map(([field, value]) => [field, spoil(fault, field, value)]));
    }
  }
}

function spoil(fault: KmsTestFault | undefined, field: string, value: unknown): unknown {
  const isChecksum = field.endsWith('Crc32c') && typeof value === 'object';
  if (fault === 'wrong-checksum' && isChecksum) return { value: '1' };
  if (fault === 'unverified' && field.startsWith('verified')) return false;
  if (fault === 'other-key' && field === 'name') return `${OTHER_KEY}/cryptoKeyVersions/1`;
  if (fault === 'other-key' && field === 'cryptoKeyVersions') {
    return [{ name: `${OTHER_KEY}/cryptoKeyVersions/1`, state: 'ENABLED' }];
  }
  return value;
}
