import assert from 'node:assert/strict';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { parseVerifierKey } from '@tilewright/core/note';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';

const key = parseVerifierKey('rekor-local+d80b4420+AURLycjWRo1+gdwwCLg9wU4PayMFdNBmPF4ORVPiBQ1E');
const note = `rekor-local
2
vABc4Xj1G9UUySBRYDvTZpYtdDqbKN9XthAbY4Nqd/Y=

— rekor-local 2AtEIJwBlAY6KMMNAqcWRKgPZDhP6/bpBmefw4mD89JwL3KozxrLgz7MA8G5pM4UrGNoTOxxpW2bbdv/A5l22ymMLAU=
`;
const checkpoint = openCheckpoint(new TextEncoder().encode(note), 'rekor-local', ed25519NoteVerifier(key));
assert.equal(checkpoint.size, 2);
