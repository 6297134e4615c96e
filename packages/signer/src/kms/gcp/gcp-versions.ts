import { SignerError } from '../../signer-error.ts';
import { badAnswer, type KmsTask } from '../call/kms-fault.ts';
import type { GcpKms } from './gcp-client.ts';
import { gcpVersionName, gcpVersionNumber, isSameGcpName } from './gcp-names.ts';

const PAGE_SIZE = 100;
/** A key that was rotated daily for ten years has fewer versions. */
const MAX_PAGES = 40;

/**
 * The version that signs when none is named: the newest enabled one, as Sigstore's client chooses. Numbers are compared,
 * not names: version 10 is newer than version 9.
 *
 * @throws SignerError as `callKms`; `kms-refused` when none is enabled
 */
export async function newestEnabledVersion(kms: GcpKms, key: string): Promise<string> {
  const task: KmsTask = {
    service: 'Google Cloud KMS',
    verb: 'list the versions of',
    key,
    permission: 'cloudkms.cryptoKeyVersions.list',
  };
  let newest = 0;
  let pageToken = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const request = { parent: key, filter: 'state=ENABLED', orderBy: 'name desc', pageSize: PAGE_SIZE, pageToken };
    const [versions, , answer] = await kms.call(task, (client, options) =>
      client.listCryptoKeyVersions(request, { ...options, autoPaginate: false }),
    );
    for (const { name, state } of versions) {
      const number = gcpVersionNumber(name ?? '');
      if (number === undefined || !isSameGcpName(gcpVersionName(key, number), name ?? '')) {
        throw badAnswer(task, 'it lists a version of another key');
      }
      if (state === 'ENABLED') newest = Math.max(newest, number);
    }
    pageToken = answer?.nextPageToken ?? '';
    if (pageToken === '') break;
  }
  if (newest > 0) return gcpVersionName(key, newest);
  throw new SignerError('kms-refused', `${key} has no enabled version; enable or create one that signs`);
}
