import type { VerifierKey } from '../note/index.ts';

/** A log whose checkpoints are accepted. */
export interface PolicyLog {
  /** Its name is the origin of the log's checkpoints. */
  readonly key: VerifierKey;
  readonly url: string | undefined;
}

/** A witness whose cosignatures count. */
export interface PolicyWitness {
  readonly kind: 'witness';
  /** What the policy calls it; not the name of its key. */
  readonly name: string;
  readonly key: VerifierKey;
  readonly url: string | undefined;
}

/** Several witnesses or groups, of which some must be satisfied. */
export interface PolicyGroup {
  readonly kind: 'group';
  readonly name: string;
  /** How many members must be satisfied: 1 to the number of members. */
  readonly threshold: number;
  readonly members: readonly PolicyMember[];
}

/** What a group is made of. */
export type PolicyMember = PolicyWitness | PolicyGroup;

/** Which checkpoints are believed (tlog-policy): signed by any of the logs, and cosigned by the quorum. */
export interface Policy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** Nothing when a log's own signature is enough. */
  readonly quorum: PolicyMember | undefined;
}

/** Whether the quorum of `policy` is satisfied when exactly the witnesses for which `cosigned` is true have cosigned. */
export function isQuorum(policy: Policy, cosigned: (witness: PolicyWitness) => boolean): boolean {
  return policy.quorum === undefined || isSatisfied(policy.quorum, cosigned);
}

function isSatisfied(member: PolicyMember, cosigned: (witness: PolicyWitness) => boolean): boolean {
  if (member.kind === 'witness') return cosigned(member);
  // A group is deep only by naming groups on lines above it: the recursion ends, and each group has one parent.
  return member.members.filter((each) => isSatisfied(each, cosigned)).length >= member.threshold;
}
