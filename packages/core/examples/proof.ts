import assert from 'node:assert/strict';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { parsePolicy } from '@tilewright/core/policy';
import { verifyTlogProof } from '@tilewright/core/proof';

const policy = parsePolicy(
  encodeUtf8('log log.example/c2sp+f4911991+AcF5Z55CGQi1dNXsh7eu2ZaFVQmIGdZooPN0me+jB6hV\nquorum none\n'),
);
const proof = encodeUtf8(`c2sp.org/tlog-proof@v1
index 3
eQtCVVwoF8KPO6ujvYzB2nR8wC1umQQeZPjGJ0bPBTs=
XDShEgWHfs8sTyjiVJXQgwGzPb+4YkGfeUb6b9+BJO8=
4/xhsimX2iSB/tWu1E/YKdvUyNH5pt75w0DiEhlhg+k=

log.example/c2sp
5
q1uiQNXF9m1XxD/D6UjYe+ylGdTaiwKLbFgv2nu/mbQ=

— log.example/c2sp 9JEZkUDL0UBbX32l6YMatGpHZekUj/ZjAymJEne6Q4AmwfQiHSVRYcqraUvW3afGAd7B/aqLdPMmqw8B3GqU6Idz4Qs=
— witness.example/w1 7w1vgAAAAABlU/EAnvp1TVUrb4Y8r5yv3mzwIeBIjXFtK46ksSDh3a1ovTptXTj0wINZPfr0A+yTQA3gU8rpFcApszCSIYAiVn3UAA==
`);
// Which types of keys are understood is the caller's choice: here Ed25519 alone.
const { index, checkpoint } = verifyTlogProof(proof, leafHash(encodeUtf8('record 3')), policy, ed25519NoteVerifier);
assert.deepEqual([index, checkpoint.size], [3, 5]);
