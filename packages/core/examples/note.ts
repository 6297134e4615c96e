import assert from 'node:assert/strict';
import { parseNote, parseVerifierKey } from '@tilewright/core/note';

const key = parseVerifierKey('rekor-local+d80b4420+AURLycjWRo1+gdwwCLg9wU4PayMFdNBmPF4ORVPiBQ1E');
const note = `rekor-local
2
vABc4Xj1G9UUySBRYDvTZpYtdDqbKN9XthAbY4Nqd/Y=

— rekor-local 2AtEIJwBlAY6KMMNAqcWRKgPZDhP6/bpBmefw4mD89JwL3KozxrLgz7MA8G5pM4UrGNoTOxxpW2bbdv/A5l22ymMLAU=
`;
const { signatures } = parseNote(new TextEncoder().encode(note)); // syntax only: nothing is trusted yet
assert.equal(signatures[0]?.keyId, key.keyId);
