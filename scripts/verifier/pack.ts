/**
 * Packs the verifier as the npm package that strangers install: the compiled verifier, protocol and presentation, the schemas of
 * the published formats, the README for auditors and the licence. The same sources give the same bytes.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { hashFile, projectRoot } from '../../src/system/index.js';
import { describeScript } from '../command-line.js';

/** The rooms that the package is made of. */
const ROOMS = ['protocol', 'presentation', 'verifier'] as const;
/** What stands beside the code, as it is in the sources. */
const BESIDE = ['package.json', 'README.md', 'LICENSE'] as const;

const flags = describeScript('npm run pack:verifier --', {
  does: 'Pack the verifier as the npm package that strangers install. The same sources give the same bytes.',
  examples: ['', '--out /tmp/release'],
})
  .option('--out <dir>', 'where the tarball goes (default: dist)')
  .parse()
  .opts<{ readonly out?: string }>();
const sources = join(projectRoot(), 'src');
const compiled = fileURLToPath(new URL('../../src/', import.meta.url));
const assembled = fileURLToPath(new URL('../../verifier-package/', import.meta.url));
// npm runs in the assembled folder, from where a relative path would be another.
const out = resolve(flags.out ?? dirname(assembled));

await rm(assembled, { recursive: true, force: true });
for (const room of ROOMS) await copyRoom(room);
for (const name of BESIDE) {
  await cp(join(sources, 'verifier', name), join(assembled, name), { recursive: true });
}
await cp(join(compiled, 'verifier/build.json'), join(assembled, 'lib/verifier/build.json'));
await cp(join(projectRoot(), 'conformance/schemas'), join(assembled, 'schemas'), { recursive: true });
await mkdir(out, { recursive: true });
const tarball = join(out, pack());
console.log(`packed ${tarball}`);
console.log(`sha256 ${await hashFile(tarball)}, ${(await stat(tarball)).size} bytes`);

/** Copies what was compiled of each module that has a source: the folder may hold modules of an older build. */
async function copyRoom(room: string): Promise<void> {
  const modules = (await readdir(join(sources, room), { recursive: true })).filter((path) =>
    path.endsWith('.ts'),
  );
  for (const module of modules) {
    const stem = join(room, module.slice(0, -'.ts'.length));
    const target = join(assembled, 'lib', stem);
    await mkdir(dirname(target), { recursive: true });
    for (const extension of ['.js', '.d.ts']) {
      const text = await readFile(join(compiled, stem + extension), 'utf8');
      // Source maps are not packed, and a name of one that is missing makes debuggers complain.
      await writeFile(target + extension, text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
    }
  }
}

/** Runs `npm pack`, which touches no network, and returns the name of the tarball. */
function pack(): string {
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--json', '--pack-destination', out], {
    cwd: assembled,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`expected npm pack to succeed, got ${stderr}`);
  return (JSON.parse(stdout) as { filename: string }[])[0]!.filename;
}
