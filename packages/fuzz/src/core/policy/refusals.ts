import { VKEY_REFUSALS } from '../keys/refusals.ts';
import { inPart, type Refusal, refusal } from '../kit/refusal.ts';

const ON_LINE = 'line \\d+ of the policy: ';
const onLine = (name: string, message: string): Refusal => refusal(name, 'malformed', ON_LINE + message);

/** What `parsePolicy` refuses. */
export const POLICY_REFUSALS: readonly Refusal[] = [
  refusal('too long', 'malformed', 'a policy has at most 1048576 bytes, this one has \\d+'),
  refusal('too many lines', 'malformed', 'a policy has at most 10000 lines'),
  refusal('no quorum', 'malformed', 'the policy has no quorum line'),
  onLine('control character', 'a control character'),
  onLine('keyword', 'it does not begin with log, witness, group or quorum'),
  onLine('log: form', 'log takes a vkey and perhaps a URL'),
  onLine('log: a key that cosigns', 'a key of type 4 cosigns, it is no log key'),
  onLine('log: twice', 'a log with this key is above'),
  onLine('witness: form', 'witness takes a name, a vkey and perhaps a URL'),
  onLine('witness: a key that does not cosign', 'a key of type \\d{1,3} does not cosign'),
  onLine('witness: twice', 'a witness with this key is above'),
  onLine('group: form', 'group takes a name, all, any or a number, and members'),
  onLine('group: a member of two', 'a member belongs to a group already'),
  onLine('group: threshold', 'the threshold is all, any, or a number from 1 to \\d+'),
  onLine('quorum: form', "quorum takes one name, or 'none'"),
  onLine('quorum: twice', 'the quorum was named above'),
  onLine('unknown name', 'it names something that no line above defines'),
  onLine('none', "'none' cannot be a name"),
  onLine('name: twice', 'something of this name is above'),
  ...inPart('vkey', ON_LINE, VKEY_REFUSALS),
];
