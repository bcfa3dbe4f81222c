import type { z } from 'zod';

import { parseCanonicalJson, parseJsonLine } from '../canonical-json.js';
import { refuseProtocol } from '../errors.js';
import { PUBLISHED_FILES, type FileKind } from './published-files.js';

export type SchemaCode = 'format-unknown' | 'schema-violated';

/** Paths listed in one error. */
const MAX_PATHS = 20;

/**
 * Holds a value to the schema of a format, exactly: no missing, unknown or doubled field.
 * @throws SolventError `format-unknown` where the format names another version, else `schema-violated` with the
 * paths of the fields at fault; values are never shown.
 */
export function parseSchema<T>(schema: z.ZodType<T>, format: string, value: unknown): T {
  const stated = (value as { format?: unknown } | null)?.format;
  if (typeof stated === 'string' && stated !== format && /^[a-z0-9/-]{1,64}$/.test(stated)) {
    throw refuseProtocol('format-unknown', { expected: `format ${format}`, found: stated });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const paths = result.error.issues.slice(0, MAX_PATHS).map((issue) => {
    const path = issue.path.map(String).join('.');
    return path === '' ? '(top)' : path;
  });
  const first = result.error.issues[0]!;
  throw refuseProtocol('schema-violated', {
    expected: format,
    found: `a fault at ${paths[0]!}`,
    advice: first.code === 'custom' ? first.message : first.code,
    details: { paths },
  });
}

/**
 * Reads a published file, or one line of a list without its line feed: canonical JSON, within its limit, of its schema.
 * @throws SolventError of class `format`.
 */
export function parsePublished<T>(kind: FileKind, schema: z.ZodType<T>, bytes: Uint8Array): T {
  const { format, maxBytes, isList } = PUBLISHED_FILES[kind];
  return parseSchema(
    schema,
    format,
    isList ? parseCanonicalJson(bytes, maxBytes) : parseJsonLine(bytes, maxBytes),
  );
}
