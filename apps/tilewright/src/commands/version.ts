import { type Command, defineCommand } from '../cli/command.ts';
import { programVersion } from '../cli/version.ts';

/** `tilewright version`. */
export const version: Command = defineCommand({
  name: 'version',
  summary: 'Show the version',
  description: 'Shows the version of tilewright and of the Node.js that runs it.',
  usage: '[flags]',
  examples: ['tilewright version --json'],
  args: { min: 0, max: 0 },
  flags: { json: { type: 'bool', default: false, help: 'Print one JSON object.' } },
  async run({ resolved }, io) {
    const facts = { version: programVersion(), node: process.version };
    io.out(resolved.values.json ? JSON.stringify(facts) : `tilewright ${facts.version} (Node.js ${facts.node})`);
    return 0;
  },
});
