import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { projectRoot } from '../../system/index.js';

/**
 * The compiled module that worker threads run: beside this one, or, where this one is run from its source, where the
 * build puts it, since no worker can be started from a source in TypeScript.
 */
export function resolveWorkerFile(): string {
  return import.meta.url.endsWith('.js')
    ? fileURLToPath(new URL('./worker.js', import.meta.url))
    : join(projectRoot(), 'dist', 'src', 'prover', 'pool', 'worker.js');
}
