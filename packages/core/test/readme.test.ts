import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const readme = read('README.md');
const examples = readdirSync(new URL('../examples', import.meta.url));

test.each(examples)('example %s runs and stands in the README', async (file) => {
  await import(/* @vite-ignore */ new URL(`../examples/${file}`, import.meta.url).href);
  expect(readme).toContain(`\`\`\`ts\n${read(`examples/${file}`)}\`\`\``);
});

test('every subpath has an example, a built file and a line in the README', () => {
  const { exports, imports, publishConfig } = JSON.parse(read('package.json'));
  const subpaths = Object.keys(exports);
  expect(subpaths.map((subpath) => `${subpath.slice(2).replace('/', '-')}.ts`).sort()).toEqual(examples.toSorted());
  for (const subpath of subpaths) {
    const built = exports[subpath].replace('./src/', './dist/').replace(/\.ts$/, '');
    expect(publishConfig.exports[subpath]).toEqual({ types: `${built}.d.ts`, default: `${built}.js` });
    expect(readme).toContain(`\`${subpath}\``);
  }
  const distImports = JSON.stringify(imports).replaceAll('./src/', './dist/').replaceAll('.ts"', '.js"');
  expect(JSON.stringify(publishConfig.imports)).toBe(distImports);
});
