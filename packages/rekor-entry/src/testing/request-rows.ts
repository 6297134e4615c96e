import type { RequestRow } from './request-row.ts';
import { badJsonRows } from './rows/bad-json.ts';
import { badKeyRows, looseKeyRows, unsupportedKeyRows } from './rows/bad-keys.ts';
import { badSignatureRows } from './rows/bad-signatures.ts';
import { dsseRows } from './rows/dsse-envelopes.ts';
import { goodKeyRows } from './rows/good-keys.ts';
import { incompleteRows, largeRows, noTypeRows } from './rows/incomplete-requests.ts';
import { jsonFormRows } from './rows/json-forms.ts';
import { badCertificateRows, goodCertificateRows } from './rows/odd-certificates.ts';
import { badEncodingRows, goodEncodingRows } from './rows/signature-encodings.ts';
import { SignatureSupply } from './rows/signature-supply.ts';
import { badWireRows, wireFormRows } from './rows/wire-forms.ts';

/**
 * Every kind of good and bad request that this project knows of, the same at every call, with what a log answers
 * (rekor-tiles; compared with its parsers when the rows were written). Requests are independent of each other: sent once
 * each, in any order, no accepted one is a duplicate of another.
 */
export function requestRows(): RequestRow[] {
  const supply = new SignatureSupply();
  return [
    ...goodKeyRows(supply),
    ...goodEncodingRows(supply),
    ...looseKeyRows(supply),
    ...goodCertificateRows(supply),
    ...jsonFormRows(supply),
    ...wireFormRows(supply),
    ...largeRows(supply),
    ...noTypeRows(),
    ...badJsonRows(),
    ...badWireRows(),
    ...incompleteRows(),
    ...badKeyRows(),
    ...badCertificateRows(),
    ...unsupportedKeyRows(),
    ...badEncodingRows(),
    ...badSignatureRows(),
    ...dsseRows(),
  ];
}
