import { findNames, type KnownColumns } from './column-names.js';
import type { CsvRecord } from './csv-records.js';
import type { ProblemList } from './source-problems.js';

/** What a header says: where the columns that are read stand, and which others are passed over. */
export type Header = {
  readonly places: ReadonlyMap<string, number>;
  readonly ignored: readonly string[];
  /** How many columns there are. */
  readonly width: number;
};

/**
 * Reads the header of a CSV file: each required column once, each optional one at most once, in any order, and no
 * other but those that are ignored by name. Names of others are shown only where it is a header: a file without one has
 * a user and a balance there.
 * @throws SourceError with every `column-missing`, `column-unknown` and `column-doubled`, or the header's own fault.
 */
export function parseHeader(
  header: CsvRecord | undefined,
  known: KnownColumns,
  problems: ProblemList,
): Header {
  const expected = `expected the header ${known.required.join(',')}${known.optional.map((name) => `[,${name}]`).join('')}`;
  if (header === undefined) {
    problems.add(1, null, { code: 'file-empty', message: `${expected}, got an empty file` });
  } else if ('fault' in header) {
    problems.add(1, null, header.fault);
  }
  problems.throwIfAny();
  const { fields } = header as { readonly fields: readonly string[] };
  const { faults, places, ignored } = findNames(fields, known);
  for (const { name, ...fault } of faults) problems.add(1, name, fault);
  problems.throwIfAny();
  return { places, ignored, width: fields.length };
}
