import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { projectRoot } from './paths.js';
import { refuseSystem } from './errors.js';

/**
 * The compiled module that a thread is started from. Node 20 loads no TypeScript: where the module that asks runs from
 * source, as under vitest, it is the one that `npm run build` put into `dist`; else it stands beside it.
 * @param moduleUrl `import.meta.url` of the module that asks. @param name of the file beside it, as in `./worker.js`.
 * @throws SolventError `worker-missing` (usage) where this project runs from source and was not built.
 */
export function resolveCompiledModule(moduleUrl: string, name: string): string {
  const beside = fileURLToPath(new URL(name, moduleUrl));
  const source = relative(projectRoot(), beside);
  const path = source.startsWith(`src${sep}`) ? join(projectRoot(), 'dist', source) : beside;
  if (existsSync(path)) return path;
  throw refuseSystem('worker-missing', {
    expected: `the compiled worker ${path}`,
    found: 'no such file',
    details: { path },
  });
}
