import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join, resolve } from 'node:path';

import { parseDocument } from 'yaml';
import type { z } from 'zod';

import { readNamedFile } from '../../../system/index.js';
import { formatDecimal, parseDecimal, parseInstant, SolventError } from '../../../protocol/index.js';
import { escapePattern } from '../../database/scratch.js';
import type { BooksConfig, SourceConfig, SourceRole } from '../config.js';
import { SOURCE_ROLES } from '../config.js';
import { BOOKS_FORMAT, configSchema, parseDurationNs } from './schema.js';
import { describeIssues } from './schema-faults.js';
import { findSourceFaults, type ConfigFault } from './source-rules.js';
import { refuseSnapshot } from '../../errors.js';

export type BooksConfigCode = 'config-malformed' | 'config-invalid' | 'config-format-unknown';

/** A configuration is a page or two. */
const MAX_CONFIG_BYTES = 1024 * 1024;
/** Faults that one error lists. */
const MAX_FAULTS = 20;

/**
 * Reads the configuration of a platform's books, `solvent/books/v1`: YAML whose scalars are all taken as text, with no
 * unknown key. Paths in it are relative to it; they are not looked at, and no environment variable is.
 * @throws SolventError of class `usage`: `file-unreadable`, `config-malformed` (with the line), `config-format-unknown`,
 * `config-invalid` with the path of every key at fault.
 */
export async function parseBooksConfig(path: string): Promise<BooksConfig> {
  const bytes = await readNamedFile(path, MAX_CONFIG_BYTES);
  const parsed = parseStrictYaml(bytes);
  assertFormat(parsed);
  const result = configSchema.safeParse(parsed);
  if (!result.success) throw refuseFaults(describeIssues(result.error.issues));
  const faults = findSourceFaults(result.data);
  if (faults.length > 0) throw refuseFaults(faults);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return buildConfig(result.data, { directory: dirname(resolve(path)), sha256 });
}

/**
 * Reads YAML whose scalars are all taken as text, with no key twice and no alias: at most a mebibyte of UTF-8.
 * @throws SolventError `config-malformed` with the line.
 */
export function parseStrictYaml(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_CONFIG_BYTES)
    throw refuseYaml(`a file of at most ${MAX_CONFIG_BYTES} bytes, got a longer one`);
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuseYaml('text in UTF-8, got other bytes');
  }
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: true, stringKeys: true });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) {
    const { line, col } = fault.linePos?.[0] ?? { line: 1, col: 1 };
    // Behind its sentence the parser shows the lines themselves.
    const [sentence] = fault.message.split(/ at line \d+, column \d+|\n/);
    throw refuseYaml(`YAML, got a fault on line ${line}, column ${col}: ${sentence!}`);
  }
  try {
    // Aliases could make a small file large.
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch {
    throw refuseYaml('YAML without aliases, got one');
  }
}

function assertFormat(parsed: unknown): void {
  const stated = (parsed as { format?: unknown } | null)?.format;
  if (stated === BOOKS_FORMAT) return;
  const found = typeof stated === 'string' && /^[a-z0-9/-]{1,64}$/.test(stated) ? stated : 'another or none';
  throw refuseSnapshot('config-format-unknown', {
    expected: `a configuration with format: ${BOOKS_FORMAT}`,
    found,
  });
}

type ParsedConfig = z.infer<typeof configSchema>;

function buildConfig(
  { assets, modelPrices, connections, sources, maxMarkAge, ...rest }: ParsedConfig,
  { directory, sha256 }: { directory: string; sha256: string },
): BooksConfig {
  const { platform, quote, cash, underwater, isolatedLoss } = rest;
  const stated = SOURCE_ROLES.filter((role) => sources[role] !== undefined);
  return {
    platform,
    quote,
    assets: assets.map(({ symbol, decimals, unit, collateralRatio, maxPriceAge }) => ({
      symbol,
      ...(decimals === 'auto' ? { decimals: 0, hasOpenDecimals: true } : { decimals: Number(decimals) }),
      ...(unit === undefined ? {} : { unit: Number(unit) }),
      collateralRatio: formatDecimal(parseDecimal(collateralRatio)),
      maxPriceAgeNs: parseDurationNs(maxPriceAge),
    })),
    cash,
    underwater,
    isolatedLoss,
    maxMarkAgeNs: parseDurationNs(maxMarkAge),
    modelPrices:
      modelPrices === undefined
        ? { allowed: false }
        : { allowed: true, rate: parseDecimal(modelPrices.rate), dayCount: modelPrices.dayCount },
    connections: new Map(Object.entries(connections)),
    sources: stated.map((role) => buildSource(role, sources[role]!, directory)),
    sha256,
  };
}

function buildSource(
  role: SourceRole,
  source: NonNullable<ParsedConfig['sources'][SourceRole]>,
  directory: string,
): SourceConfig {
  return {
    role,
    origin:
      'files' in source
        ? {
            from: 'files',
            patterns: source.files.map((file) => anchor(file, directory)),
            format: source.format,
            ...(source.separator === undefined ? {} : { separator: source.separator }),
          }
        : { from: 'postgres', connection: source.connection, query: source.query },
    completeTo: source.completeTo === undefined ? null : parseInstant(source.completeTo),
    columns: new Map(Object.entries(source.columns)),
    constants: new Map(Object.entries(source.constants)),
    ignored: source.ignore,
    timeZone: source.timeZone ?? null,
  };
}

/** A pattern from the configuration's own directory, whose name is no pattern. */
function anchor(pattern: string, directory: string): string {
  return isAbsolute(pattern) ? pattern : join(escapePattern(directory), pattern);
}

function refuseFaults(faults: readonly ConfigFault[]): SolventError<BooksConfigCode> {
  const listed = faults.slice(0, MAX_FAULTS).map(({ path, expected }) => `${path}: ${expected}`);
  const more = faults.length > 1 ? ` and ${faults.length - 1} more` : '';
  return refuseSnapshot('config-invalid', {
    expected: 'a configuration in good order',
    found: `a fault at ${listed[0]!}${more}`,
    details: { faults: listed },
  });
}

function refuseYaml(expected: string): SolventError<BooksConfigCode> {
  return refuseSnapshot('config-malformed', `expected ${expected}`);
}
