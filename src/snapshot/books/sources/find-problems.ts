import { assembleExpression } from '../../database/queries.js';
import { quoteName, quoteText, type Scratch } from '../../database/scratch.js';
import { throwProblems, type SourceCode } from '../../reading/source-problems.js';
import { SolventError } from '../../../protocol/index.js';
import { formatFault, valueName, type RowReader } from './columns.js';
import { describeProblem } from './messages.js';
import { typedView, type Relation } from './relation.js';
import { SOURCE_SHAPES } from './shapes.js';
import { UNREADABLE_PARQUET } from './parquet-relation.js';
import { refuseFile } from './source-files.js';
import { refuseSnapshot } from '../../errors.js';

/** What the slow second pass over a source needs. It is made only where the first has found that something is wrong. */
export type Suspect = {
  readonly relation: Relation;
  readonly reader: RowReader;
  /** The instant, nanoseconds since 1970 UTC. */
  readonly atNs: bigint;
};

const SQL = 'books/sources';
const NO_FAULT = 'NULL::STRUCT(column_name VARCHAR, code VARCHAR)';

/**
 * Names every row of which something is wrong by itself.
 * @throws SourceError; SolventError `rows-miscounted` of class `invariant` where there is none.
 */
export async function throwFaultyRows(scratch: Scratch, suspect: Suspect): Promise<never> {
  const { faults, rowFault } = suspect.reader;
  return throwFoundRows(scratch, suspect, { faults, rowFault });
}

/**
 * Names every row whose value in a column is none that another source has.
 * @param condition over typed values: true where a row is at fault.
 */
export async function throwUnknownNames(
  scratch: Scratch,
  suspect: Suspect,
  { column, condition, code }: { column: string; condition: string; code: SourceCode },
): Promise<never> {
  const parts = { instant: String(suspect.atNs), condition, code: quoteText(code) };
  const fault = assembleExpression(`${SQL}/fault-of-unknown-name`, parts);
  return throwFoundRows(scratch, suspect, { faults: '[]', rowFault: formatFault(column, fault) });
}

async function throwFoundRows(
  scratch: Scratch,
  suspect: Suspect,
  { faults, rowFault }: { faults: string; rowFault: string },
): Promise<never> {
  const { relation, reader } = suspect;
  await scratch.run(`${SQL}/create-source-problem`);
  await forEachPart(relation, async (part) => {
    await scratch.run(`${SQL}/find-faulty-rows`, {
      part: String(part),
      key: shownKey(relation),
      values: reader.values,
      faults: faults === '[]' ? `[${NO_FAULT}]` : faults,
      stated: reader.stated,
      row_fault: rowFault,
    });
  });
  return throwSourceProblems(scratch, relation, reader.symbols);
}

/** Names every row but the first of each primary key that a source has more than once. */
export async function throwDoubledRows(
  scratch: Scratch,
  { relation, reader, atNs }: Suspect,
): Promise<never> {
  const { key, columns } = SOURCE_SHAPES[relation.role];
  const names = key.map((column) => quoteName(valueName(column, columns[column]!))).join(', ');
  await scratch.run(`${SQL}/create-source-problem`);
  await scratch.run(`${SQL}/create-doubled-key`, { key: names, rows: typedView(relation.role) });
  await scratch.run(`${SQL}/create-doubled-place`);
  await forEachPart(relation, async (part) => {
    await scratch.run(`${SQL}/find-doubled-places`, {
      part: String(part),
      row_key: shownKey(relation),
      key: names,
      values: reader.values,
      instant: String(atNs),
    });
  });
  await scratch.run(`${SQL}/find-doubled-rows`, { key: names, column_name: quoteText(key.at(-1)!) });
  return throwSourceProblems(scratch, relation);
}

/** Names every row whose user id the table `unusual_user` refuses; returns where a source has none. */
export async function throwRefusedUsers(
  scratch: Scratch,
  { relation }: Suspect,
  column: 'user_id' | 'account',
): Promise<void> {
  await scratch.run(`${SQL}/create-source-problem`);
  let found = 0;
  await forEachPart(relation, async (part) => {
    found += await scratch.run(`${SQL}/find-refused-users`, {
      part: String(part),
      column: `stated_${column}`,
      column_name: quoteText(column),
    });
  });
  if (found > 0) await throwSourceProblems(scratch, relation);
}

async function forEachPart(
  { parts, hasLines, openLines, query }: Relation,
  find: (part: number) => Promise<void>,
) {
  for (const [part, { name }] of parts.entries()) {
    try {
      await openLines(part);
      await find(part);
    } catch (error) {
      const damaged = error instanceof SolventError && !hasLines && query === undefined;
      throw damaged ? refuseFile(name, 'file-malformed', UNREADABLE_PARQUET) : error;
    }
  }
}

/** What names a row where no line does, if it can be shown. */
function shownKey({ role, hasLines, columns }: Relation): string {
  const { shownKey: column } = SOURCE_SHAPES[role];
  if (hasLines || column === undefined || !columns.has(column)) return 'NULL';
  const stated = `stated_${column}::VARCHAR`;
  return `if(regexp_full_match(${stated}, '[!-~]{1,64}'), ${quoteText(`${column} `)} || ${stated}, NULL)`;
}

async function throwSourceProblems(
  scratch: Scratch,
  relation: Relation,
  symbols: readonly string[] = [],
): Promise<never> {
  const { role, parts, hasLines } = relation;
  const unlisted = new Map<number, number>();
  for (const row of await scratch.select(`${SQL}/count-source-problems`)) {
    unlisted.set(row.part as number, Number(row.problem_count));
  }
  for (const row of await scratch.select(`${SQL}/select-source-problems`)) {
    const part = row.part as number;
    const code = row.code as SourceCode;
    const column = row.column_name as string;
    const key = row.key === null ? '' : ` (${row.key as string})`;
    const position = hasLines ? 'line' : 'row';
    const firstLine = row.first_line as bigint | null;
    const first =
      firstLine === null
        ? ''
        : ` (the first is ${position} ${firstLine} of ${parts[row.first_part as number]!.name})`;
    parts[part]!.problems.add(Number(row.line), column, {
      code,
      message: `${describeProblem({ role, column, code, symbols, stated: row.stated as string | null })}${first}${key}`,
    });
    unlisted.set(part, unlisted.get(part)! - 1);
  }
  for (const [part, count] of unlisted) parts[part]!.problems.addUnlisted(count);
  throwProblems(parts.map(({ problems }) => problems));
  throw refuseSnapshot('rows-miscounted', {
    expected: `to find what is wrong in the source ${role}`,
    found: 'nothing',
    advice: 'the two passes over it disagree',
  });
}
