export { GcpError, type GcpErrorCode } from './gcp-error.ts';
