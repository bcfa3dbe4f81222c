/**
 * Writes docs/errors.md from the tables of errors of all rooms.
 */
import { join } from 'node:path';

import { projectRoot } from '../src/system/index.js';
import { describeScript } from './command-line.js';
import { listErrorTables, renderErrors } from './error-tables.js';
import { keepGenerated } from './verifier/generated.js';

const { check = false } = describeScript('node dist/scripts/errors.js', {
  does: 'Write docs/errors.md from the tables of errors of all rooms.',
  examples: ['', '--check'],
})
  .option('--check', 'write nothing, and end with 1 where the document is not what it would write')
  .parse()
  .opts<{ check?: boolean }>();

const text = renderErrors(listErrorTables(join(projectRoot(), 'src')));
process.exitCode = await keepGenerated([{ path: join(projectRoot(), 'docs', 'errors.md'), text }], { check });
