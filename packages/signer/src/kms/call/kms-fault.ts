import { SignerError } from '../../signer-error.ts';

/** What is asked of a service. */
export type KmsVerb = 'encrypt with' | 'decrypt with' | 'sign with' | 'tell the public key of' | 'list the versions of';

/** One thing asked of a service, for messages. */
export interface KmsTask {
  readonly service: 'Google Cloud KMS' | 'AWS KMS';
  readonly verb: KmsVerb;
  /** The key, as the service names it. */
  readonly key: string;
  /** What the caller must be allowed, as the service names it. */
  readonly permission: string;
}

/** Why a call failed. */
export interface KmsFault {
  readonly code: 'kms-unavailable' | 'kms-refused' | 'kms-bad-answer' | 'kek-mismatch';
  /** In words that hold nothing of what was sent or answered but the service's own account of an error. */
  readonly reason: string;
  /** Whether the same call may succeed a moment later. */
  readonly transient: boolean;
}

const MAX_REASON = 240;

/** Foreign text for a message: one line, at most 240 characters. */
export function clip(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length <= MAX_REASON ? line : `${line.slice(0, MAX_REASON)}...`;
}

/** The error of a call that failed and is not made again. */
export function kmsError(task: KmsTask, fault: KmsFault, tries: number, cause: unknown): SignerError {
  return new SignerError(fault.code, sentence(task, fault, tries), keepsNoSecret(fault) ? { cause } : {});
}

/** The error of an answer that cannot be right. */
export function badAnswer(task: KmsTask, reason: string): SignerError {
  const fault: KmsFault = { code: 'kms-bad-answer', reason, transient: false };
  return new SignerError(fault.code, sentence(task, fault, 1));
}

function sentence({ service, verb, key, permission }: KmsTask, { code, reason }: KmsFault, tries: number): string {
  const name = clip(key);
  switch (code) {
    case 'kms-unavailable':
      return (
        `${service} did not ${verb} ${name}: ${reason} (${tries === 1 ? 'tried once' : `tried ${tries} times`}); ` +
        'check that it is up and can be reached from here'
      );
    case 'kms-refused':
      return (
        `${service} refused to ${verb} ${name}: ${reason}; check that the key exists and is enabled, and that the ` +
        `credentials used here have ${permission}`
      );
    case 'kms-bad-answer':
      return `${service}, asked to ${verb} ${name}, gave an answer that cannot be right: ${reason}; nothing of it was used`;
    case 'kek-mismatch':
      return (
        `${name} does not decrypt this: it was encrypted with another key, or is damaged ` +
        `(${service}: ${reason}); name the key that encrypted it`
      );
  }
}

// An SDK puts an answer that it cannot read into its error, and that answer may hold a decrypted key.
function keepsNoSecret(fault: KmsFault): boolean {
  return fault.code !== 'kms-bad-answer';
}
