import { writeFileSync } from 'node:fs';
import { flagsDocument } from './flags-document.ts';

writeFileSync(new URL('../../../../docs/flags.md', import.meta.url), flagsDocument());
