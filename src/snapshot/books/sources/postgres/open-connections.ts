import type { Scratch } from '../../../database/scratch.js';
import type { BooksConfig, SourceConfig, SourceRole } from '../../config.js';
import type { Relation } from '../relation.js';
import { openQuery, type QueriedSource } from './relation.js';
import { PostgresTransaction } from './transaction.js';
import { refuseSnapshot } from '../../../errors.js';

export type ConnectionOptions = {
  /** Where the URLs are, by the names that the configuration gives. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called with the rows of a source read so far. */
  readonly onRows?: (role: SourceRole, rows: number) => void;
};

/**
 * Reads every source that is a query, those of one connection in one transaction.
 * @throws SolventError of class `usage`: `connection-unset` and all of `PostgresCode`; SourceError for columns.
 */
export async function openConnections(
  scratch: Scratch,
  config: BooksConfig,
  { environment, onRows }: ConnectionOptions,
): Promise<Map<SourceRole, Relation>> {
  const relations = new Map<SourceRole, Relation>();
  for (const [connection, variable] of config.connections) {
    const sources = config.sources.filter((source) => isOf(source, connection));
    if (sources.length === 0) continue;
    const url = findUrl(connection, { variable, environment });
    const transaction = await PostgresTransaction.begin(connection, url);
    try {
      for (const source of sources) {
        const listener =
          onRows &&
          ((rows: number) => {
            onRows(source.role, rows);
          });
        relations.set(source.role, await openQuery(scratch, source, { transaction, onRows: listener }));
      }
    } finally {
      await transaction.end();
    }
  }
  return relations;
}

function isOf(source: SourceConfig, connection: string): source is QueriedSource {
  return source.origin.from === 'postgres' && source.origin.connection === connection;
}

function findUrl(
  connection: string,
  { variable, environment }: { variable: string } & Pick<ConnectionOptions, 'environment'>,
): string {
  const url = environment[variable];
  if (url !== undefined && url !== '') return url;
  throw refuseSnapshot('connection-unset', {
    expected: `the URL of the connection ${connection} in the environment variable ${variable}`,
    found: 'none',
    details: { connection, variable },
  });
}
