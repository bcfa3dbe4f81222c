import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { rolldown, type OutputChunk } from 'rolldown';

import { SHEET_STYLE } from '../../src/presentation/index.js';

/** What starts or ends a script for the parser of HTML, whatever the script says around it. */
const ENDS_SCRIPT = /<\/script|<!--|<script/i;
/** Our modules that do something where nothing of them is used; all others are left out then. */
const RUNS_BY_ITSELF = /\/(?:without-eval|main|worker)\.ts$/;
/** What ends a style. */
const ENDS_STYLE = /<\/style/i;

/**
 * Builds the page as one file that needs no other: markup, style, the page's script, and the checker that it starts as
 * a worker. The same sources give the same bytes.
 * @throws Error where a module is left outside, or a part would end its own element.
 */
export async function buildPage(root: string): Promise<string> {
  const source = (...names: string[]) => join(root, 'src/web', ...names);
  const [markup, style, { version }] = await Promise.all([
    readFile(source('page/page.html'), 'utf8'),
    readFile(source('page/page.css'), 'utf8'),
    readFile(join(root, 'package.json'), 'utf8').then((text) => JSON.parse(text) as { version: string }),
  ]);
  const parts: Readonly<Record<string, string>> = {
    version,
    style: contain(SHEET_STYLE + style, ENDS_STYLE),
    checker: contain(await bundle(root, source('checker/worker.ts')), ENDS_SCRIPT),
    script: contain(await bundle(root, source('page/main.ts')), ENDS_SCRIPT),
  };
  // Where the markup's formatter would read a mark as code it stands in a comment.
  const marks = /(?:\/\*)?\{\{(style|script|checker|version)\}\}(?:\*\/)?/g;
  const page = markup.replace(marks, (_, name: string) => parts[name]!);
  return page.replace('{{policy}}', () => formatPolicy(page));
}

/** The names of the packages of others whose code is in the page. */
export async function listPagePackages(root: string): Promise<string[]> {
  const chunks = await Promise.all(
    ['checker/worker.ts', 'page/main.ts'].map((entry) => bundleChunk(root, join(root, 'src/web', entry))),
  );
  const names = chunks.flatMap(({ moduleIds }) =>
    moduleIds.flatMap((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  return [...new Set(names)].sort();
}

/** SHA-256 of a page as it lies on a disk, in hexadecimal. */
export function hashPage(page: string): string {
  return createHash('sha256').update(page).digest('hex');
}

/**
 * Nothing is allowed but the page's one script and style, WebAssembly, a worker that the script makes, and to get the files
 * of the site that the page came from.
 */
function formatPolicy(page: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashElement(page, 'script')} 'wasm-unsafe-eval'`,
    `style-src ${hashElement(page, 'style')}`,
    'worker-src blob:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The hash of the page's first element of a kind without attributes, over exactly what stands between its tags. */
function hashElement(page: string, tag: string): string {
  const text = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)?.[1];
  if (text === undefined) throw new Error(`expected a ${tag} in the page, got none`);
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** One script of an entry and all that it imports; not minified, so that it can be read where it is served. */
async function bundle(root: string, input: string): Promise<string> {
  return (await bundleChunk(root, input)).code;
}

async function bundleChunk(root: string, input: string): Promise<OutputChunk> {
  const build = await rolldown({
    cwd: root,
    input,
    platform: 'browser',
    tsconfig: false,
    treeshake: { moduleSideEffects: (path) => (isOurs(path) ? RUNS_BY_ITSELF.test(path) : undefined) },
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    onLog: (_, { message }) => {
      throw new Error(`expected a bundle without remarks, got: ${message}`);
    },
  });
  try {
    const { output } = await build.generate({ format: 'iife', minify: 'dce-only', comments: false });
    const [chunk] = output;
    if (output.length !== 1 || chunk.imports.length > 0 || chunk.dynamicImports.length > 0) {
      throw new Error(`expected one script that imports nothing, got ${output.length}`);
    }
    return chunk;
  } finally {
    await build.close();
  }
}

function isOurs(path: string): boolean {
  return !path.includes('node_modules');
}

function contain(part: string, end: RegExp): string {
  const found = end.exec(part);
  if (found !== null) throw new Error(`expected no ${found[0]} in a part of the page, got one`);
  return part;
}
