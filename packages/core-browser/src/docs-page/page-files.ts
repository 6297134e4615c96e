import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServedFile } from '../browser/page-server.ts';
import { bundle } from '../build/bundle.ts';
import { REPOSITORY } from '../build/packed-core.ts';

/** docs/verify-in-the-browser.md as it stands. */
export function readDocsPage(): Promise<string> {
  return readFile(join(REPOSITORY, 'docs', 'verify-in-the-browser.md'), 'utf8');
}

/** The page that it describes, as a reader would make it: its files in `project`, bundled with the packed package. */
export async function makeDocsPage(markdown: string, project: string): Promise<Map<string, ServedFile>> {
  const folder = join(project, 'docs-page');
  await mkdir(folder, { recursive: true });
  for (const name of ['verify-entry.js', 'page.js']) {
    await writeFile(join(folder, name), codeBlock(markdown, 'js', `// ${name}\n`));
  }
  const { code } = await bundle(project, { file: join(folder, 'page.js') });
  return new Map([
    ['index.html', { type: 'text/html; charset=utf-8', body: codeBlock(markdown, 'html', '<!doctype html>\n') }],
    ['page.bundle.js', { type: 'text/javascript', body: code }],
  ]);
}

function codeBlock(markdown: string, language: string, firstLine: string): string {
  const fence = `\n\`\`\`${language}\n`;
  const start = markdown.indexOf(fence + firstLine);
  const end = markdown.indexOf('\n```\n', start + fence.length);
  if (start < 0 || end < 0) throw new Error(`there is no ${language} block that begins with ${firstLine.trim()}`);
  return markdown.slice(start + fence.length, end + 1);
}
