import { findNames, type KnownColumns } from './column-names.js';
import type { CsvRecord } from './csv-records.js';
import type { ProblemList } from './source-problems.js';

/** The columns of a CSV file, and what they are called in it. */
export type NamedColumns = KnownColumns & {
  /** Our column -> the column of the file; columns that are not named have our name. */
  readonly renamed?: ReadonlyMap<string, string>;
};

/** What a header says: where the columns that are read stand, by our names, and which others are passed over. */
export type Header = {
  readonly indexes: ReadonlyMap<string, number>;
  readonly ignored: readonly string[];
  /** How many columns there are. */
  readonly width: number;
};

/**
 * Reads the header of a CSV file: each required column once, each optional one at most once, in any order, and no
 * other but those that are ignored by name, each under its own name or the one that it is renamed to. Names of others are
 * shown only where it is a header: a file without one has a user and a balance there.
 * @throws SourceError with every `column-missing`, `column-unknown` and `column-doubled`, or the header's own fault.
 */
export function parseHeader(
  header: CsvRecord | undefined,
  { renamed = new Map(), ...known }: NamedColumns,
  problems: ProblemList,
): Header {
  const { required, optional } = known;
  const expected = `expected the header ${required.join(',')}${optional.map((name) => `[,${name}]`).join('')}`;
  if (header === undefined) {
    problems.add(1, null, { code: 'file-empty', message: `${expected}, got an empty file` });
  } else if ('fault' in header) {
    problems.add(1, null, header.fault);
  }
  problems.throwIfAny();
  const { fields } = header as { readonly fields: readonly string[] };
  const nameOf = (column: string) => renamed.get(column) ?? column;
  const isRead = (column: string) => renamed.has(column) || !known.ignored.includes(column);
  const found = findNames(fields, {
    ...known,
    required: required.map(nameOf),
    optional: optional.filter(isRead).map(nameOf),
  });
  for (const { name, ...fault } of found.faults) problems.add(1, name, fault);
  problems.throwIfAny();
  const indexes = new Map<string, number>();
  for (const column of [...required, ...optional.filter(isRead)]) {
    const index = found.indexes.get(nameOf(column));
    if (index !== undefined) indexes.set(column, index);
  }
  return { indexes, ignored: found.ignored, width: fields.length };
}
