import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { projectRoot } from '../../../src/system/index.js';

it('both modules of the kernel are what their sources give', async () => {
  const script = join(projectRoot(), 'scripts', 'engine', 'build-kernel.mjs');
  // Fails with a status that is not 0 where the bytes differ.
  await expect(promisify(execFile)(process.execPath, [script, '--check'])).resolves.toBeDefined();
});
