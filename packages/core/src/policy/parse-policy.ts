import { encodeHex } from '../bytes/hex.ts';
import { CoreError } from '../core-error.ts';
import { KEY_TYPE, parseVerifierKey, type VerifierKey } from '../note/index.ts';
import { within } from '../on-line.ts';
import type { Policy, PolicyGroup, PolicyLog, PolicyMember, PolicyWitness } from './policy.ts';
import { malformedLine, type PolicyLine, policyLines, wordText } from './policy-lines.ts';

const NONE = 'none';
const THRESHOLD = /^[1-9][0-9]{0,5}$/;
const COSIGNATURE_TYPES: readonly number[] = [KEY_TYPE.cosignatureEd25519, KEY_TYPE.cosignatureMlDsa44];

/**
 * Reads a policy: lines `log <vkey> [url]`, `witness <name> <vkey> [url]`, `group <name> all|any|<k> <name>…` and one
 * `quorum <name>|none`; names refer to lines above (tlog-policy). The text is at most 1 MiB.
 *
 * @throws CoreError `malformed`, naming the line; `unknown-key` or `mismatch` in a vkey.
 */
export function parsePolicy(bytes: Uint8Array): Policy {
  const reader = new PolicyReader();
  for (const line of policyLines(bytes)) reader.read(line);
  return reader.finish();
}

class PolicyReader {
  readonly #logs: PolicyLog[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  readonly #groups: PolicyGroup[] = [];
  readonly #logKeys = new Set<string>();
  readonly #witnessKeys = new Set<string>();
  readonly #members = new Map<string, PolicyMember>();
  readonly #grouped = new Set<string>();
  #quorum: { readonly member: PolicyMember | undefined } | undefined;

  read({ number, words }: PolicyLine): void {
    const [keyword, ...rest] = words;
    if (keyword === 'log') this.#log(number, rest);
    else if (keyword === 'witness') this.#witness(number, rest);
    else if (keyword === 'group') this.#group(number, rest);
    else if (keyword === 'quorum') this.#setQuorum(number, rest);
    else throw malformedLine(number, 'it does not begin with log, witness, group or quorum');
  }

  finish(): Policy {
    if (this.#quorum === undefined) throw new CoreError('malformed', 'the policy has no quorum line');
    const quorum = this.#quorum.member;
    return { logs: this.#logs, witnesses: this.#witnesses, groups: this.#groups, quorum };
  }

  #log(number: number, [vkey, url, ...more]: readonly string[]): void {
    if (vkey === undefined || more.length > 0) throw malformedLine(number, 'log takes a vkey and perhaps a URL');
    const key = keyOf(number, vkey);
    if (key.type === KEY_TYPE.cosignatureEd25519)
      throw malformedLine(number, 'a key of type 4 cosigns, it is no log key');
    if (!isNew(this.#logKeys, key)) throw malformedLine(number, 'a log with this key is above');
    this.#logs.push({ key, url: url && wordText(url) });
  }

  #witness(number: number, [name, vkey, url, ...more]: readonly string[]): void {
    if (name === undefined || vkey === undefined || more.length > 0) {
      throw malformedLine(number, 'witness takes a name, a vkey and perhaps a URL');
    }
    const key = keyOf(number, vkey);
    if (!COSIGNATURE_TYPES.includes(key.type)) throw malformedLine(number, `a key of type ${key.type} does not cosign`);
    if (!isNew(this.#witnessKeys, key)) throw malformedLine(number, 'a witness with this key is above');
    const witness: PolicyWitness = { kind: 'witness', name: wordText(name), key, url: url && wordText(url) };
    this.#define(number, name, witness);
    this.#witnesses.push(witness);
  }

  #group(number: number, [name, threshold, ...names]: readonly string[]): void {
    if (name === undefined || threshold === undefined || names.length === 0) {
      throw malformedLine(number, 'group takes a name, all, any or a number, and members');
    }
    const members = names.map((each) => this.#member(number, each));
    for (const each of names) {
      if (this.#grouped.has(each)) throw malformedLine(number, 'a member belongs to a group already');
      this.#grouped.add(each);
    }
    const group: PolicyGroup = {
      kind: 'group',
      name: wordText(name),
      threshold: thresholdOf(number, threshold, members.length),
      members,
    };
    this.#define(number, name, group);
    this.#groups.push(group);
  }

  #setQuorum(number: number, [name, ...more]: readonly string[]): void {
    if (name === undefined || more.length > 0) throw malformedLine(number, "quorum takes one name, or 'none'");
    if (this.#quorum !== undefined) throw malformedLine(number, 'the quorum was named above');
    this.#quorum = { member: name === NONE ? undefined : this.#member(number, name) };
  }

  #member(number: number, name: string): PolicyMember {
    const member = this.#members.get(name);
    if (member === undefined) throw malformedLine(number, 'it names something that no line above defines');
    return member;
  }

  #define(number: number, name: string, member: PolicyMember): void {
    if (name === NONE) throw malformedLine(number, "'none' cannot be a name");
    if (this.#members.has(name)) throw malformedLine(number, 'something of this name is above');
    this.#members.set(name, member);
  }
}

function keyOf(number: number, vkey: string): VerifierKey {
  return within(`line ${number} of the policy`, () => parseVerifierKey(wordText(vkey)));
}

/** The same key under another name or as another type is the same key: it must not count twice. */
function isNew(above: Set<string>, { key }: VerifierKey): boolean {
  const text = encodeHex(key);
  if (above.has(text)) return false;
  above.add(text);
  return true;
}

function thresholdOf(number: number, text: string, members: number): number {
  if (text === 'all') return members;
  if (text === 'any') return 1;
  const threshold = THRESHOLD.test(text) ? Number(text) : 0;
  if (threshold >= 1 && threshold <= members) return threshold;
  throw malformedLine(number, `the threshold is all, any, or a number from 1 to ${members}`);
}
