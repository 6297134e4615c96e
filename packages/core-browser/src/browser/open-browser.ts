import { type Browser, chromium, type Page } from 'playwright-core';

/** Starts headless Chromium. It talks to nobody but the pages that are opened. */
export function openBrowser(executablePath: string): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    headless: true,
    // Chromium's own sandbox does not start for root, which is what containers run as.
    chromiumSandbox: !isRoot,
    timeout: 20_000,
  });
}

/** Opens a page; an exception in it, or `done` not becoming true in time, is an error that says what the page said. */
export async function openPage(browser: Browser, url: string, done: string, timeout: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 1000 } });
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  const failed = new Promise<never>((_, reject) => {
    page.on('pageerror', (error) => reject(new Error(`${url}: ${error.message}`, { cause: error })));
    page.on('crash', () => reject(new Error(`${url}: the page crashed`)));
  });
  try {
    await page.goto(url, { timeout });
    await Promise.race([page.waitForFunction(done, undefined, { timeout }), failed]);
  } catch (error) {
    throw new Error(`${String(error)}; the page said: ${said.join('; ') || 'nothing'}`, { cause: error });
  }
  return page;
}
