// What importing @tilewright/core adds to a page: `npm run sizes`. Exit status 1 when a limit is passed.
import { packedCore, removeProject } from '../build/packed-core.ts';
import { measureSizes, sizesTable } from './measure-sizes.ts';
import { MEASURED_BUNDLES } from './measured-bundles.ts';

const project = await packedCore();
try {
  const sizes = await measureSizes(project, MEASURED_BUNDLES);
  process.stdout.write(`${sizesTable(sizes)}\n`);
  const refused = sizes.filter(({ problem }) => problem !== undefined);
  for (const { name, largest } of refused) process.stdout.write(`\n${name}:\n  ${largest.join('\n  ')}\n`);
  process.exitCode = refused.length > 0 ? 1 : 0;
} finally {
  await removeProject(project);
}
