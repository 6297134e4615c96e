import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Application, LogLevel, type ProjectReflection } from 'typedoc';

const CORE = fileURLToPath(new URL('../../packages/core/', import.meta.url));

/** What every page of `@tilewright/core` is made from. */
export interface CoreApi {
  readonly app: Application;
  readonly project: ProjectReflection;
  /** Everything that stands in the way: exports without words, links to nothing, names that lead nowhere. */
  readonly problems: readonly string[];
}

/** Reads every subpath of `@tilewright/core`, each a module under the name that one imports it by. */
export async function readCoreApi(): Promise<CoreApi> {
  const { exports }: { exports: Record<string, string> } = JSON.parse(await readFile(`${CORE}package.json`, 'utf8'));
  const subpaths = new Map(Object.entries(exports).map(([subpath, file]) => [`${CORE}${file.slice(2)}`, subpath]));
  const app = await Application.bootstrap({
    entryPoints: [...subpaths.keys()],
    tsconfig: `${CORE}tsconfig.json`,
    name: '@tilewright/core',
    readme: `${CORE}README.md`,
    sort: ['kind', 'alphabetical'],
    requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'TypeAlias'],
    validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: true },
    // The platform's, where there is one: `ReadSignal` stands for it.
    intentionallyNotExported: ['__global.AbortSignal'],
    // Pages are the same wherever they are made, and from whatever commit.
    disableGit: true,
    sourceLinkTemplate: 'https://github.com/tilewright/tilewright/blob/main/{path}#L{line}',
    basePath: fileURLToPath(new URL('../../', import.meta.url)),
    hideGenerator: true,
  });
  const problems: string[] = [];
  const { logger } = app;
  const log = logger.log.bind(logger);
  logger.log = (message, level) => {
    if (level >= LogLevel.Warn) problems.push(message);
    log(message, level);
  };
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc cannot read packages/core');
  app.validate(project);
  for (const module of project.children ?? []) {
    const subpath = subpaths.get(module.sources?.[0]?.fullFileName ?? '');
    if (subpath !== undefined) module.name = `@tilewright/core${subpath.slice(1)}`;
  }
  return { app, project, problems };
}
