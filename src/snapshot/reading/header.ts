import type { CsvRecord } from './csv-records.js';
import type { ProblemList } from './source-problems.js';

/** The columns of a source file, by name. */
export type Columns = {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Our column -> the column of the file; columns that are not named have our name. */
  readonly renamed?: ReadonlyMap<string, string>;
};

/**
 * Reads the header of a CSV file: each required column once, each optional one at most once, in any order, and no
 * other, each under its own name or the one that it is renamed to. Names are not shown: a file without a header has a user and a balance there.
 * @throws SourceError with every `column-missing`, `column-unknown` and `column-doubled`, or the header's own fault.
 */
export function parseHeader(
  header: CsvRecord | undefined,
  columns: Columns,
  problems: ProblemList,
): readonly string[] {
  const known = [...columns.required, ...columns.optional];
  const expected = `expected the header ${columns.required.join(',')}${columns.optional.map((name) => `[,${name}]`).join('')}`;
  const found = header !== undefined && 'fields' in header ? header.fields : [];
  const names = found.map((name) => findOurName(name, columns));
  if (header === undefined) {
    problems.add(1, null, { code: 'file-empty', message: `${expected}, got an empty file` });
  } else if ('fault' in header) {
    problems.add(1, null, header.fault);
  } else {
    names.forEach((name, index) => {
      const place = `in column ${index + 1}`;
      if (!known.includes(name)) {
        const message = `${expected}, got another name ${place}: rename or remove the column`;
        problems.add(1, null, { code: 'column-unknown', message });
      } else if (names.indexOf(name) !== index) {
        const message = `${expected}, got it a second time ${place}: remove one of the two`;
        problems.add(1, name, { code: 'column-doubled', message });
      }
    });
    for (const name of columns.required.filter((column) => !names.includes(column))) {
      problems.add(1, name, { code: 'column-missing', message: `${expected}, got none: add the column` });
    }
  }
  problems.throwIfAny();
  return names;
}

/** Our name of a column of the file; what another column stands for has no name of ours. */
function findOurName(theirs: string, { renamed = new Map<string, string>() }: Columns): string {
  for (const [ours, name] of renamed) if (name === theirs) return ours;
  return renamed.has(theirs) ? '' : theirs;
}
