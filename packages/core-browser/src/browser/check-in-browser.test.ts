import { expect, inject, test } from 'vitest';
import { pageMaterial } from '../material/page-material.ts';
import { checkInBrowser, serveCheckPage } from './check-in-browser.ts';
import { sharedChromium } from './testing/with-chromium.ts';

const chromium = sharedChromium();
test.for([
  ['with-wasm', 'wasm-simd'],
  ['without-wasm', 'javascript'],
] as const)(
  'the packed package in Chromium, %s: everything is verified, a million leaves are hashed by %s',
  async ([policy, backend], context) => {
    const browser = await chromium(context);
    const server = await serveCheckPage(inject('project'), await pageMaterial({ sampleMs: 10, rounds: 20 }));
    const report = await checkInBrowser(browser, server, policy, { timeout: 25_000 }).finally(server.close);
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.backend).toBe(backend);
    expect(report.checks.map(({ name }) => name)).toEqual([
      'the same hashes as @noble/hashes',
      'checkpoint',
      'inclusion proof',
      'cosignature policy',
      'tlog-proof file',
      ...['0x01 Ed25519', '0x02 ECDSA P-256', '0x02 ECDSA P-384', '0x02 ECDSA P-521'].map(
        (type) => `signature type ${type}`,
      ),
      ...['0x04 Ed25519 cosignature', '0x05 RFC 6962'].map((type) => `signature type ${type}`),
      ...['0x06 ML-DSA-44 of a log', '0x06 ML-DSA-44 cosignature', '0xFF RSA 2048'].map(
        (type) => `signature type ${type}`,
      ),
      'trees of 18 sizes',
      'tree of 1,000,000 leaves',
    ]);
    expect(report.checks[3]?.detail).toBe('navigli, stagemole, ring-any-bells');
    expect(report.tree.leaves).toBe(1_000_000);
    for (const { timesAsFast } of report.rates) expect(timesAsFast).toBeGreaterThan(1);
  },
);

test('the page says what fails', async (context) => {
  const browser = await chromium(context);
  const material = await pageMaterial({ sampleMs: 1, rounds: 1 });
  const [firstNote, ...notes] = material.notes;
  if (firstNote === undefined) throw new Error('there are no notes');
  const broken = {
    ...material,
    entry: { ...material.entry, index: material.entry.index - 2 },
    notes: [{ ...firstNote, note: firstNote.note.replace('\n7\n', '\n9\n') }, ...notes],
    roots: { 3: material.roots[3] ?? '', 4: material.roots[5] ?? '' },
  };
  const planted = await serveCheckPage(inject('project'), broken);
  const { checks } = await checkInBrowser(browser, planted, 'with-wasm', { timeout: 25_000 }).finally(planted.close);
  const failed = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  expect(failed).toEqual(['inclusion proof', 'tlog-proof file', 'signature type 0x01 Ed25519', 'tree of 4 leaves']);
});
