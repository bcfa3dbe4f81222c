// tsc emits only what it compiles; this puts the files that the code reads at run time beside it.
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

const ASSET_EXTENSIONS = new Set(['.sql', '.wasm', '.html', '.css', '.yaml', '.csv']);

for (const entry of readdirSync('src', { recursive: true })) {
  const path = String(entry);
  if (!ASSET_EXTENSIONS.has(extname(path))) continue;
  const target = join('dist', 'src', path);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join('src', path), target);
}
