import assert from 'node:assert/strict';
import { isQuorum, parsePolicy } from '@tilewright/core/policy';

const text = `# the log, and one witness
log log.example/c2sp+f4911991+AcF5Z55CGQi1dNXsh7eu2ZaFVQmIGdZooPN0me+jB6hV
witness a witness.example/w1+ef0d6f80+BMkYMwjsNwWodb5Q87CtjkYavqmnKxXfb8EpNWX1n9oA
quorum a
`;
const policy = parsePolicy(new TextEncoder().encode(text));
assert.equal(
  isQuorum(policy, (witness) => witness.name === 'a'),
  true,
);
assert.equal(
  isQuorum(policy, () => false),
  false,
);
// openWithPolicy(note, policy, verifierOf) gives the checkpoint that such a policy accepts.
