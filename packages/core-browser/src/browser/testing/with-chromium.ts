import type { Browser } from 'playwright-core';
import { afterAll, type TestContext } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../find-chromium.ts';
import { openBrowser } from '../open-browser.ts';

/**
 * One Chromium for the tests of a file, started by the first that asks for it. Without it a test is skipped and says so;
 * where TILEWRIGHT_REQUIRE_ALL=1 asks for everything, it fails.
 */
export function sharedChromium(): (context: Pick<TestContext, 'skip'>) => Promise<Browser> {
  let browser: Promise<Browser> | undefined;
  afterAll(async () => (await browser)?.close());
  return async ({ skip }) => {
    const path = await findChromium();
    skip(path === undefined && process.env.TILEWRIGHT_REQUIRE_ALL !== '1', NO_CHROMIUM);
    if (path === undefined) throw new Error(NO_CHROMIUM);
    browser ??= openBrowser(path);
    return browser;
  };
}
