import { CoreError } from '@tilewright/core/error';
import { isQuorum, type Policy, type PolicyWitness, parsePolicy } from '@tilewright/core/policy';
import { WitnessError } from '../witness-error.ts';

/** A witness that can be asked. */
export interface ReachableWitness extends PolicyWitness {
  /** Its submission prefix, without a slash at the end. */
  readonly url: string;
}

/** A policy whose quorum can be reached by asking. */
export interface WitnessPolicy extends Policy {
  /** Those with a URL, in the order of the policy; empty when the quorum is `none`. */
  readonly reachable: readonly ReachableWitness[];
}

/**
 * Reads the policy of a log that wants cosignatures: tlog-policy, which is Sigsum's syntax. Lines of logs are not looked
 * at; witnesses without a URL count and are never asked.
 *
 * @throws WitnessError `bad-policy`, naming the line or the witness.
 */
export function readWitnessPolicy(bytes: Uint8Array): WitnessPolicy {
  let policy: Policy;
  try {
    policy = parsePolicy(bytes);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new WitnessError('bad-policy', `the witness policy cannot be read: ${cause.message}`, { cause });
  }
  if (policy.quorum === undefined) return { ...policy, reachable: [] };
  const reachable = policy.witnesses.flatMap((witness) => {
    return witness.url === undefined ? [] : [{ ...witness, url: submissionPrefix(witness.name, witness.url) }];
  });
  const names = new Set(reachable.map(({ name }) => name));
  if (isQuorum(policy, ({ name }) => names.has(name))) return { ...policy, reachable };
  throw new WitnessError(
    'bad-policy',
    `the witness policy gives a URL for ${names.size} of ${policy.witnesses.length} witnesses: its quorum can never be met`,
  );
}

function submissionPrefix(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPrefix = url?.search === '' && url.hash === '' && /^https?:$/.test(url.protocol);
  if (url !== undefined && isPrefix) return url.href.replace(/\/+$/, '');
  throw new WitnessError(
    'bad-policy',
    `the URL of witness ${JSON.stringify(name)} is not an http or https address without query or fragment`,
  );
}
