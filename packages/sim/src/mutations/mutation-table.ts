import type { Mutation } from './mutation.ts';
import type { Verdict } from './run/verdict.ts';

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function caughtBy({ world, test = '' }: Mutation, verdict: Verdict): string {
  if (world === 'test') return `test ${test.split('/').slice(-2).join('/')}`;
  const seed = verdict.seed === undefined ? 'no seed: it hangs' : `${world} seed ${verdict.seed}`;
  return verdict.notice === 'crash' ? `${seed} (crash)` : seed;
}

/** The table of all mutations and what caught each, as Markdown. */
export function mutationTable(mutations: readonly Mutation[], verdicts: ReadonlyMap<string, Verdict>): string {
  const rows = mutations.map((mutation) => {
    const { name, file, breaks, settled } = mutation;
    const verdict = verdicts.get(name);
    const head = `| ${name} | ${file.split('/').at(-1)} | ${breaks.join(', ')}`;
    if (settled !== undefined) return `${head} | settled | ${inCell(settled)} |`;
    if (verdict?.caught !== true) return `${head} | NOT CAUGHT | |`;
    return `${head} | ${caughtBy(mutation, verdict)} | ${inCell((verdict.message ?? '').slice(0, 140))} |`;
  });
  const settled = mutations.filter((mutation) => mutation.settled !== undefined).length;
  const caught = mutations.filter(({ name }) => verdicts.get(name)?.caught === true).length;
  return `# Mutations

Each rule of the commit protocols, taken away once, and what noticed. Written by \`npm run mutations -- --write\`.
Seeds are counted from 1, so that seed N was the Nth history. ${mutations.length} mutations: ${caught} caught, ${settled} settled.

| mutation | file | breaks | caught by | message, or why nothing can catch it |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
