import { formatCount, renderTable } from '../presentation/index.js';

/** What was read of one source of a snapshot. */
export type ReadSource = {
  readonly role: string;
  /** Rows up to the instant. */
  readonly rows: number;
  readonly rowsAfterInstant: number;
  /** The columns that were passed over. */
  readonly ignoredColumns: readonly string[];
};

/** What was read of each source, what was left out of it, and a warning where nothing of one is left. */
export function renderSources(sources: readonly ReadSource[], takenAt: string): string {
  const rows = sources.map(({ role, rows: count, rowsAfterInstant, ignoredColumns }) => [
    role,
    count.toLocaleString('en'),
    rowsAfterInstant.toLocaleString('en'),
    ignoredColumns.join(', '),
  ]);
  const hasIgnored = sources.some(({ ignoredColumns }) => ignoredColumns.length > 0);
  const columns = [
    { title: 'source' },
    { title: 'rows up to the instant', align: 'right' as const },
    { title: 'later, left out', align: 'right' as const },
    ...(hasIgnored ? [{ title: 'columns that were ignored' }] : []),
  ];
  const table = renderTable(
    columns,
    rows.map((row) => row.slice(0, columns.length)),
  );
  return `${table}${sources.map((source) => renderWarning(source, takenAt)).join('')}`;
}

function renderWarning({ role, rows, rowsAfterInstant }: ReadSource, takenAt: string): string {
  if (rows > 0 || rowsAfterInstant === 0) return '';
  const count = formatCount(rowsAfterInstant, 'row');
  return `Warning: nothing of the source ${role} counts: ${rowsAfterInstant === 1 ? 'its only row is' : `all its ${count} are`} later than ${takenAt}. Are its instants in the right zone?\n`;
}
