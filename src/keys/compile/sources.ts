import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';

import { assertLayout, deriveDigestIv, publicInputNames, type RowLayout } from '../../protocol/index.js';
import { projectRoot } from '../../system/index.js';
import { refuseKeys } from '../errors.js';

/**
 * The main file of a circuit: its template with its layout and the constant that follows from it.
 * @throws SolventError `layout-malformed`.
 */
export function generateMain(layout: RowLayout): string {
  assertLayout(layout);
  const { kind, indexBits, rows, slots, netBits, groupRows } = layout;
  const template = kind === 'spot' ? 'SpotRows' : 'MarginRows';
  const sizes = [indexBits, rows, slots, ...(kind === 'margin' ? [netBits] : []), groupRows];
  return [
    'pragma circom 2.2.0;',
    '',
    `include "${template}.circom";`,
    '',
    `component main {public [${publicInputNames(kind).join(', ')}]} = ${template}(${[deriveDigestIv(layout), ...sizes].join(', ')});`,
    '',
  ].join('\n');
}

/** Circuit files by the path that the compiler sees them under, relative to the directory that it runs in. */
export type CircuitSources = ReadonlyMap<string, Uint8Array>;

export const MAIN_FILE = 'main.circom';

const LIBRARY_PREFIX = 'circomlib/';
const INCLUDE = /^\s*include\s+"([^"]+)"\s*;/gm;

/**
 * Every file that a circuit is made of: the text of its main file, and all that it includes of `circuits/` and of
 * circomlib.
 * @throws SolventError `circuit-source-missing`.
 */
export async function loadSources(main: string): Promise<CircuitSources> {
  const sources = new Map<string, Uint8Array>([[MAIN_FILE, Buffer.from(main)]]);
  const waiting = listIncludes(MAIN_FILE, main);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (sources.has(path)) continue;
    const bytes = await readSource(path);
    sources.set(path, bytes);
    waiting.push(...listIncludes(path, bytes.toString('utf8')));
  }
  return sources;
}

/** As the compiler does: circomlib by its package's name, all else beside the file that includes it. */
function listIncludes(from: string, text: string): string[] {
  return [...text.matchAll(INCLUDE)].map(([, path]) =>
    path!.startsWith(LIBRARY_PREFIX) ? path! : posix.join(posix.dirname(from), path!),
  );
}

async function readSource(path: string): Promise<Buffer> {
  try {
    return await readFile(locateSource(path));
  } catch (cause) {
    throw refuseKeys('circuit-source-missing', {
      expected: `the circuit file ${path}`,
      found: 'none',
      details: { path },
      cause,
    });
  }
}

function locateSource(path: string): string {
  if (!path.startsWith(LIBRARY_PREFIX)) return join(projectRoot(), 'circuits', path);
  const library = dirname(createRequire(import.meta.url).resolve('circomlib/package.json'));
  return join(library, path.slice(LIBRARY_PREFIX.length));
}
