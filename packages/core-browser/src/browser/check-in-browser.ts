import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { bundle } from '../build/bundle.ts';
import type { PageMaterial, PageReport } from '../page/page-material.ts';
import { openPage } from './open-browser.ts';
import { type PageServer, type PolicyName, type ServedFile, servePages } from './page-server.ts';

const PAGE = new URL('../page/', import.meta.url);

/** Serves the check page, with the packed package of `project` in it. */
export async function serveCheckPage(project: string, material: PageMaterial): Promise<PageServer> {
  const { code } = await bundle(project, { file: fileURLToPath(new URL('check-page.ts', PAGE)) });
  const read = (name: string) => readFile(new URL(name, PAGE), 'utf8');
  const files: [string, ServedFile][] = [
    ['index.html', { type: 'text/html; charset=utf-8', body: await read('check-page.html') }],
    ['check-page.css', { type: 'text/css', body: await read('check-page.css') }],
    ['check-page.js', { type: 'text/javascript', body: code }],
    ['material.json', { type: 'application/json', body: JSON.stringify(material) }],
  ];
  return servePages(new Map(files));
}

/** Opens the check page under a policy, and returns what it reports. */
export async function checkInBrowser(
  browser: Browser,
  server: PageServer,
  policy: PolicyName,
  { timeout, screenshot }: { readonly timeout: number; readonly screenshot?: string | undefined },
): Promise<PageReport> {
  const page = await openPage(browser, `${server.url}/${policy}/`, 'window.report !== undefined', timeout);
  try {
    if (screenshot !== undefined) await page.screenshot({ path: screenshot, fullPage: true });
    const report = await page.evaluate(() => window.report);
    if (report === undefined) throw new Error('the page has no report');
    return report;
  } finally {
    await page.close();
  }
}
