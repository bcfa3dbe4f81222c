/**
 * Packs the verifier as the npm package that strangers install: the compiled verifier, what it uses of the protocol and of the
 * presentation, the schemas of the published formats, the README for auditors and the licence. The same sources give the same
 * bytes.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

import { hashFile, projectRoot } from '../../src/system/index.js';
import { describeScript } from '../command-line.js';

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
// npm runs in the assembled directory, from where a relative path would be another.
const out = resolve(flags.out ?? dirname(assembled));

await rm(assembled, { recursive: true, force: true });
await copyCode();
for (const name of BESIDE) {
  await cp(join(sources, 'verifier', name), join(assembled, name), { recursive: true });
}
await cp(join(compiled, 'verifier/build.json'), join(assembled, 'lib/verifier/build.json'));
await cp(join(projectRoot(), 'conformance/schemas'), join(assembled, 'schemas'), { recursive: true });
await mkdir(out, { recursive: true });
const tarball = join(out, pack());
console.log(`packed ${tarball}`);
console.log(`sha256 ${await hashFile(tarball)}, ${(await stat(tarball)).size} bytes`);

/**
 * Copies what was compiled of the verifier and of whatever it imports, code and types each for itself. A part of the
 * protocol that the verifier does not use yet stays out.
 */
async function copyCode(): Promise<void> {
  const files = await listVerifier();
  // The set grows while it is walked.
  for (const file of files) {
    const text = await readFile(join(compiled, file), 'utf8');
    for (const imported of listImports(file, text)) files.add(imported);
    const target = join(assembled, 'lib', file);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

/**
 * The compiled files of each module of the verifier that has a source: the directory may hold modules of an older build.
 */
async function listVerifier(): Promise<Set<string>> {
  const modules = await readdir(join(sources, 'verifier'), { recursive: true });
  const stems = modules.filter((path) => path.endsWith('.ts')).map((path) => path.slice(0, -'.ts'.length));
  return new Set(stems.flatMap((stem) => ['.js', '.d.ts'].map((end) => join('verifier', stem + end))));
}

/** The compiled files that a compiled file imports: code names code, and types name types. */
function listImports(file: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => join(dirname(file), specifier))
    .map((path) => (file.endsWith('.d.ts') ? path.replace(/\.js$/, '.d.ts') : path));
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
