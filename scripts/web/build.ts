/** Writes `dist/web/check.html`, the page on which a user checks their own line, and prints its hash. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { formatNumber } from '../../src/presentation/index.js';
import { projectRoot, writeFileAtomically } from '../../src/system/index.js';
import { describeScript } from '../command-line.js';
import { buildPage, hashPage } from './page.js';

describeScript('node dist/scripts/web/build.js', {
  does: 'Write dist/web/check.html, the page on which a user checks their own line, and print its hash.',
  examples: [''],
}).parse();
const root = projectRoot();
const page = await buildPage(root);
const path = join('dist', 'web', 'check.html');
await mkdir(join(root, 'dist', 'web'), { recursive: true });
await writeFileAtomically(join(root, path), page);
console.log(`${hashPage(page)}  ${path}  (${formatNumber(Math.ceil(Buffer.byteLength(page) / 1024))} KiB)`);
