import assert from 'node:assert/strict';
import { decodeBase64 } from '@tilewright/core/bytes';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { rfc6962NoteVerifier } from '@tilewright/core/note/rfc6962';
import { treeHeadVerifierKey } from '@tilewright/core/tree-head';

const spki = decodeBase64(
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESMxUTxXo3+gubxQXz0M3BgSxVmZBlA/fe2wb7UgAaJtV2dh+/9P5yD5LxFrJkL9K9xxgqxbxkOnKLxpEEVPmEA==',
);
const origin = 'log.example/c2sp';
const note = `log.example/c2sp
5
q1uiQNXF9m1XxD/D6UjYe+ylGdTaiwKLbFgv2nu/mbQ=

— log.example/c2sp TvBeGQAAAYvP5Wh7BAMARzBFAiBmK86FRttRKDnTB1drLf3KgVthdtR4Rbokgq1GTBWubwIhANZHEkLMNvJf4lyV17Z4F2llcJjZDMlUejLuxVF4UGO+
`;
const verifier = rfc6962NoteVerifier(treeHeadVerifierKey(origin, spki), spki);
assert.equal(openCheckpoint(new TextEncoder().encode(note), origin, verifier).size, 5);
