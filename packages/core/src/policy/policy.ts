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
  if (policy.quorum === undefined) return true;
  // Groups may be thousands deep, deeper than calls may be: so a list, in which each stands before its members.
  const members: PolicyMember[] = [policy.quorum];
  for (const member of members) {
    if (member.kind === 'group') members.push(...member.members);
  }
  const satisfied = new Set<PolicyMember>();
  for (const member of members.toReversed()) {
    const isSatisfied =
      member.kind === 'witness'
        ? cosigned(member)
        : member.members.filter((each) => satisfied.has(each)).length >= member.threshold;
    if (isSatisfied) satisfied.add(member);
  }
  return satisfied.has(policy.quorum);
}
