import type { CsvRecord } from './csv-records.js';
import type { ProblemList, SourceCode } from './source-problems.js';

/** The columns of a source by the names that it has for them. */
export type KnownColumns = {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** What is passed over, because somebody has said so: also an optional column of ours. */
  readonly ignored: readonly string[];
  /** What to do about a column that nothing reads. */
  readonly advice: string;
};

/** What is wrong with the columns of a source; `name` is that of a known column, null where another is at fault. */
type NameFault = {
  readonly name: string | null;
  readonly code: Extract<SourceCode, 'column-missing' | 'column-unknown' | 'column-doubled'>;
  readonly message: string;
};

/** Where the columns of a source are, among those that were found. */
type FoundNames = {
  readonly indexes: ReadonlyMap<string, number>;
  /** Those that were passed over, in their order. */
  readonly ignored: readonly string[];
  readonly faults: readonly NameFault[];
};

/**
 * Finds the columns that are read. Names are trimmed. A name in other capitals is not the same column. No column is
 * passed over unless it is ignored by name: an optional column that nobody finds would change what is owed without a
 * word.
 */
export function findNames(found: readonly string[], known: KnownColumns): FoundNames {
  const read = [...known.required, ...known.optional];
  const indexes = new Map<string, number>();
  const ignored: string[] = [];
  const faults: NameFault[] = [];
  const misspelt = new Set<string>();
  const isHeader = known.required.every((name) =>
    found.some((other) => other.trim().toLowerCase() === name.toLowerCase()),
  );
  found.forEach((stated, index) => {
    const name = stated.trim();
    if (read.includes(name)) {
      if (indexes.has(name)) faults.push(refuseDouble(name));
      else indexes.set(name, index);
    } else if (known.ignored.includes(name)) {
      ignored.push(name);
    } else {
      const meant = read.find((other) => other.toLowerCase() === name.toLowerCase());
      if (meant !== undefined) misspelt.add(meant);
      // A file without a header has a user and a balance in its place.
      const shown =
        isHeader && /^[^\p{C}]{1,64}$/u.test(name) ? `"${name}"` : `another in column ${index + 1}`;
      faults.push(refuseUnknown(shown, { name, meant, advice: known.advice }));
    }
  });
  for (const name of known.required) {
    if (indexes.has(name) || misspelt.has(name)) continue;
    const message = `expected a column ${name}, got none: add it`;
    faults.push({ name, code: 'column-missing', message });
  }
  return { indexes, ignored, faults };
}

/** That a column is there twice. */
function refuseDouble(name: string): NameFault {
  return {
    ...{ name, code: 'column-doubled' },
    message: `expected one column ${name}, got two: rename or remove one`,
  };
}

function refuseUnknown(
  shown: string,
  { name, meant, advice }: { name: string; meant: string | undefined; advice: string },
): NameFault {
  if (meant === undefined) {
    const message = `expected only columns that are read, got ${shown}: ${advice}`;
    return { name: null, code: 'column-unknown', message };
  }
  const message = `expected the column ${meant} in small and capital letters as here, got "${name}": write "${meant}"`;
  return { name: meant, code: 'column-unknown', message };
}

/** The columns of a CSV file, and what they are called in it. */
type NamedColumns = KnownColumns & {
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
 * Reads the header of a CSV file. Each required column is there once and each optional one at most once, in any order.
 * No other column is there but those that are ignored by name. Each is under its own name or the one that it is renamed
 * to. Names of others are shown only where it is a header: a file without one has a user and a balance there.
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
