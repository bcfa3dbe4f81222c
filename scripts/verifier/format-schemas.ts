import { register } from 'node:module';

import type { z } from 'zod';

/** Where each format keeps its schema, and under which name. */
const SCHEMAS: Readonly<Record<string, readonly [file: string, constant: string]>> = {
  manifest: ['manifest', 'schema'],
  signature: ['signature', 'schema'],
  'batch-proof': ['bundle', 'batchProof'],
  'aggregate-proof': ['bundle', 'aggregateProof'],
  inclusion: ['inclusion', 'schema'],
  trust: ['trust', 'schema'],
  rotation: ['rotation', 'schema'],
};

/** Modules that are asked for with this query also export the named constants. */
const EXPOSE = '?expose=';
const HOOK = `export async function load(url, context, next) {
  const loaded = await next(url, context);
  const [, names] = url.split(${JSON.stringify(EXPOSE)});
  return names === undefined ? loaded : { ...loaded, source: loaded.source + '\\nexport{' + names + '};' };
}`;

/**
 * The schemas that the parsers of published files hold values to, by format. The formats export parsers alone, so
 * that no code reads a file around them; here a module hook lets the constants out.
 */
export async function loadFormatSchemas(): Promise<Readonly<Record<string, z.ZodType>>> {
  register(`data:text/javascript,${encodeURIComponent(HOOK)}`);
  const entries = Object.entries(SCHEMAS).map(async ([name, [file, constant]]) => {
    const url = new URL(`../../src/protocol/formats/${file}.js${EXPOSE}${constant}`, import.meta.url);
    const module = (await import(url.href)) as Readonly<Record<string, z.ZodType>>;
    return [name, module[constant]!] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
