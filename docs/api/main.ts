// Writes the API pages of @tilewright/core to docs/dist/api-pages. Exit status 1 when an export has no words, or a link no end.
import { fileURLToPath } from 'node:url';
import { readCoreApi } from './core-api.ts';

const out = fileURLToPath(new URL('../dist/api-pages', import.meta.url));
const { app, project, problems } = await readCoreApi();
await app.generateDocs(project, out);
process.stdout.write(`${project.children?.length ?? 0} subpaths, ${problems.length} problems: ${out}/index.html\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
