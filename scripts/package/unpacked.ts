/**
 * Writes `dist/src/.npmignore`: what lies among the compiled code and is no part of the package. That is source maps, what has
 * no source any more, modules of types alone, and types that no exported name leads to.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import ts from 'typescript';

import { projectRoot, writeFileAtomically } from '../../src/system/index.js';
import { describeScript } from '../command-line.js';

describeScript('node dist/scripts/package/unpacked.js', {
  does: 'Write dist/src/.npmignore: what lies among the compiled code and is no part of the package.',
  examples: [''],
}).parse();
const root = projectRoot();
const compiled = join(root, 'dist/src');
const types = await listTypes(await listExportedTypes());
const unpacked: string[] = [];
for (const path of (await readdir(compiled, { recursive: true })).sort()) {
  if (/\.(?:js|ts)$/.test(path) && !(await isPacked(path))) unpacked.push(`/${path}`);
}
await writeFileAtomically(join(compiled, '.npmignore'), `${['*.map', '/web', ...unpacked].join('\n')}\n`);

async function isPacked(path: string): Promise<boolean> {
  const isTypes = path.endsWith('.d.ts');
  if (!existsSync(join(root, 'src', path.replace(isTypes ? /\.d\.ts$/ : /\.js$/, '.ts')))) return false;
  return isTypes ? types.has(path) : !isEmpty(await readFile(join(compiled, path), 'utf8'));
}

/** Whether a compiled module holds comments at most, as one of types does. */
function isEmpty(text: string): boolean {
  const source = ts.createSourceFile('module.js', text, ts.ScriptTarget.ES2022);
  return source.statements.every((statement) => statement.getText(source) === 'export {};');
}

/** The types of each part that programs import. */
async function listExportedTypes(): Promise<string[]> {
  const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, string | { readonly types: string }>>;
  };
  return Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [entry.types.replace('./dist/src/', '')],
  );
}

/** Those, and all that they import. */
async function listTypes(entries: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set(entries);
  // The set grows while it is walked.
  for (const file of found) {
    const { importedFiles } = ts.preProcessFile(await readFile(join(compiled, file), 'utf8'), true, true);
    for (const { fileName } of importedFiles) {
      if (fileName.startsWith('.')) found.add(join(dirname(file), fileName.replace(/\.js$/, '.d.ts')));
    }
  }
  return found;
}
