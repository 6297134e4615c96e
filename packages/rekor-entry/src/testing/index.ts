export type { Expectation, RequestRow } from './request-row.ts';
export { requestRows } from './request-rows.ts';
export { type SignatureRow, signatureRows } from './signature-rows.ts';
