export { hasCode, LogError, type LogErrorCode, type LogErrorDetail, type PushbackReason } from './log-error.ts';
