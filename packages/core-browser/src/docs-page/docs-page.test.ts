import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { formatVerifierKey, KEY_TYPE, parseVerifierKey } from '@tilewright/core/note';
import { ed25519NoteSigner } from '@tilewright/core/note/ed25519';
import type { Page } from 'playwright-core';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openPage } from '../browser/open-browser.ts';
import { servePages } from '../browser/page-server.ts';
import { sharedChromium } from '../browser/testing/with-chromium.ts';
import { REPOSITORY } from '../build/packed-core.ts';
import { badHost } from './bad-host.ts';
import { makeDocsPage, readDocsPage } from './page-files.ts';
import { startLog } from './running-log.ts';

const chromium = sharedChromium();
/** More than one full tile, so that proofs need tiles of two levels, full and partial ones. */
const ENTRIES = 258;
const SEED = new Uint8Array(32).fill(9);
const text = (i: number): string => `file ${i}`;

interface Verdict {
  readonly state: string;
  readonly summary: string;
  readonly details: string;
}

/** Fills in the form and waits for the verdict. */
async function verify(page: Page, url: string, vkey: string, index: number, file?: string): Promise<Verdict> {
  await page.fill('[name=url]', url);
  await page.fill('[name=vkey]', vkey);
  await page.fill('[name=index]', String(index));
  const files = file === undefined ? [] : [{ name: 'hello.txt', mimeType: 'text/plain', buffer: Buffer.from(file) }];
  await page.setInputFiles('[name=file]', files);
  await page.click('button');
  const verdict = page.locator('#verdict.good, #verdict.bad');
  await verdict.waitFor({ timeout: 20_000 });
  return {
    state: (await verdict.getAttribute('class')) ?? '',
    summary: (await verdict.textContent()) ?? '',
    details: (await page.locator('#details').textContent()) ?? '',
  };
}

test('the page of docs/verify-in-the-browser.md verifies entries of a running log, and says what is wrong', async (context) => {
  const browser = await chromium(context);
  const log = await startLog();
  onTestFinished(log.stop);
  await log.submit(Array.from({ length: ENTRIES }, (_, i) => text(i)));
  const files = await makeDocsPage(await readDocsPage(), inject('project'));
  const host = await badHost(log.url);
  onTestFinished(host.close);
  const server = await servePages(files, `${log.url} ${host.url} http://127.0.0.1:9`);
  onTestFinished(server.close);
  const page = await openPage(browser, `${server.url}/with-wasm/`, 'document.forms.length === 1', 20_000);
  onTestFinished(() => page.close());

  const good = await verify(page, `${log.url}/`, log.vkey, 7);
  expect(good).toMatchObject({ state: 'good', summary: `Entry 7 is in localhost, which has ${ENTRIES} entries.` });
  expect(good.details).toMatch(/^9 hashes lead .*"kind": "hashedrekord"/s);

  // A file belongs to one entry and to no other. Which one is for the writers to find out: they came all at once.
  const { digest } = JSON.parse(good.details.slice(good.details.indexOf('{'))).spec.hashedRekordV002.data;
  const sha256 = async (value: string) =>
    Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(value))).toString('base64');
  const digests = await Promise.all(Array.from({ length: ENTRIES }, (_, i) => sha256(text(i))));
  const mine = digests.indexOf(digest);
  expect((await verify(page, log.url, log.vkey, 7, text(mine))).summary).toContain('It is about hello.txt.');
  expect(await verify(page, log.url, log.vkey, 7, 'another')).toMatchObject({
    state: 'bad',
    details: expect.stringContaining('The entry is about another file'),
  });

  const refused = async (url: string, vkey: string, index: number): Promise<string> => {
    const { state, summary, details } = await verify(page, url, vkey, index);
    return state === 'bad' ? `${summary} ${details}` : 'verified';
  };
  const other = formatVerifierKey('localhost', KEY_TYPE.ed25519, ed25519NoteSigner('localhost', SEED).key.key);
  expect(await refused(log.url, log.vkey, ENTRIES)).toMatch(/There is no such entry.* entries 0 to 257/);
  expect(await refused(log.url, other, 0)).toMatch(/not signed with this key/);
  expect(await refused('http://127.0.0.1:9', log.vkey, 0)).toContain('does not let other sites read it (CORS)');
  host.allowsOthers = false;
  expect(await refused(host.url, log.vkey, 0)).toContain('does not let other sites read it (CORS)');
  host.allowsOthers = true;
  expect(await refused(host.url, log.vkey, 0)).toBe('verified');

  host.change = (path, bytes) => (path === '/checkpoint' ? undefined : bytes);
  expect(await refused(host.url, log.vkey, 0)).toContain('is this the address of a log?');
  const flipped = (bytes: Uint8Array, at: number) => bytes.with(at, 255 - (bytes[at] ?? 0));
  host.change = (path, bytes) => (path.includes('tile/0/000') ? flipped(bytes, 100) : bytes);
  expect(await refused(host.url, log.vkey, 0)).toMatch(/something else than it signed.*tile\/0\/000/);
  host.change = (path, bytes) => (path.includes('tile/entries/') ? flipped(bytes, 100) : bytes);
  expect(await refused(host.url, log.vkey, 0)).toMatch(/something else than it signed.*tile\/entries\/000/);
  host.change = (path, bytes) => (path.includes('tile/1/') ? undefined : bytes);
  expect(await refused(host.url, log.vkey, 0)).toMatch(/does not serve all.*tile\/1\/000\.p\/1/);
  host.change = (path, bytes) => (path === '/checkpoint' ? flipped(bytes, bytes.indexOf(10) + 1) : bytes);
  expect(await refused(host.url, log.vkey, 0)).toMatch(/signature on the checkpoint is wrong|not in the form/);
  host.change = (path, bytes) => (path === '/checkpoint' ? new Uint8Array(65 * 1024) : bytes);
  expect(await refused(host.url, log.vkey, 0)).toContain('is longer than 65536 bytes');

  // The log grows; a host that goes on showing the old tree is noticed, because the page remembers the new one.
  const old = new Uint8Array(await (await fetch(`${log.url}/checkpoint`)).arrayBuffer());
  await log.submit(['one more']);
  expect((await verify(page, log.url, log.vkey, ENTRIES)).summary).toContain(`which has ${ENTRIES + 1} entries`);
  host.change = (path, bytes) => (path === '/checkpoint' ? old : bytes);
  expect(await refused(host.url, log.vkey, 0)).toMatch(/shows an older tree.*259 cannot come before one of size 258/);
});

test('what the page of the docs says of its size and of the public log is true', async () => {
  const markdown = await readDocsPage();
  const files = await makeDocsPage(markdown, inject('project'));
  const [, kilobytes = ''] = /Make the bundle, (\d+) kB after gzip/.exec(markdown) ?? [];
  const size = gzipSync(files.get('page.bundle.js')?.body ?? '', { level: 9 }).length / 1000;
  expect(Math.abs(size - Number(kilobytes)), `${size} kB`).toBeLessThan(1);

  const [, vkey = ''] = /`(log2025-1\.rekor\.sigstore\.dev\+\S+)`/.exec(markdown) ?? [];
  const { logs } = JSON.parse(await readFile(join(REPOSITORY, 'testdata', 'rekor-tiles-vectors.json'), 'utf8'));
  const { name, key } = parseVerifierKey(vkey);
  const spki = logs.find(({ origin }: { origin: string }) => origin === name)?.spkiB64;
  expect(Buffer.from(spki, 'base64').subarray(12)).toEqual(Buffer.from(key));
});
