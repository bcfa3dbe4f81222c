import pg from 'pg';
import Cursor from 'pg-cursor';

import { refusePostgres, type PostgresOrigin } from './errors.js';
import { refuseSnapshot } from '../../../errors.js';

/** Rows of a cursor that are fetched at once. */
const FETCH_ROWS = 4096;
const CONNECT_TIMEOUT_MS = 30_000;

/** What makes a session write every value in one way, and lets a long read go on. */
const SETTINGS = [
  "SET LOCAL TIME ZONE 'UTC'",
  "SET LOCAL DateStyle = 'ISO, YMD'",
  'SET LOCAL idle_in_transaction_session_timeout = 0',
];

/** A row as the server writes it, in the order of the query's columns. */
export type ServerRow = readonly (string | null)[];

/** The rows of a query with their columns; there are columns also where there are no rows. */
export type QueryRows = {
  readonly fields: readonly pg.FieldDef[];
  readonly batches: AsyncGenerator<readonly ServerRow[]>;
};

/** One read-only transaction of a database: all its queries see the same instant of the database. */
export class PostgresTransaction {
  readonly #client: pg.Client;
  readonly #connection: string;
  /** What the transaction sees, as the server names it. */
  readonly snapshot: string;

  private constructor(client: pg.Client, connection: string, snapshot: string) {
    this.#client = client;
    this.#connection = connection;
    this.snapshot = snapshot;
  }

  /**
   * @param connection the name in the configuration, which messages show in place of the URL.
   * @throws SolventError of class `usage`: `connection-malformed`, `connection-refused`, `connection-denied`.
   */
  static async begin(connection: string, url: string): Promise<PostgresTransaction> {
    const client = makeClient(connection, url);
    // Without a listener the end of a connection would end the process; the next query fails by itself.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      for (const setting of SETTINGS) await client.query(setting);
      const { rows } = await client.query<{ snapshot: string }>(
        'SELECT pg_current_snapshot()::text AS snapshot',
      );
      return new PostgresTransaction(client, connection, rows[0]!.snapshot);
    } catch (error) {
      await endQuietly(client);
      throw refusePostgres(error, { connection, key: null });
    }
  }

  /**
   * Runs a query with a cursor on the server.
   * @param key where the query stands in the configuration.
   * @throws SolventError of class `usage`: `query-failed`, `permission-denied`, `connection-lost`.
   */
  async query(text: string, key: string): Promise<QueryRows> {
    const position = { connection: this.#connection, key };
    const cursor = this.#client.query(
      new Cursor<ServerRow>(text, [], { rowMode: 'array', types: { getTypeParser: () => keepText } }),
    );
    const first = await readBatch(cursor, position);
    return { fields: first.fields, batches: readBatches(cursor, { first: first.rows, position }) };
  }

  /** Ends the transaction and the connection. */
  async end(): Promise<void> {
    await endQuietly(this.#client);
  }
}

const keepText = (text: string) => text;

function makeClient(connection: string, url: string): pg.Client {
  try {
    return new pg.Client({
      connectionString: url,
      application_name: 'solvent',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
  } catch {
    throw refuseSnapshot('connection-malformed', {
      expected: `a URL like postgresql://user:password@host:5432/database for the connection ${connection}`,
      found: 'another text',
      details: { connection },
    });
  }
}

type Batch = { readonly rows: readonly ServerRow[]; readonly fields: readonly pg.FieldDef[] };

function readBatch(cursor: Cursor<ServerRow>, position: PostgresOrigin): Promise<Batch> {
  return new Promise((resolve, reject) => {
    // Behind the last row the cursor gives no result, whatever its types say.
    const onRead = (error: Error | null | undefined, rows: ServerRow[], result?: pg.QueryResult) => {
      if (error) reject(refusePostgres(error, position));
      else resolve({ rows, fields: result?.fields ?? [] });
    };
    cursor.read(FETCH_ROWS, onRead);
  });
}

async function* readBatches(
  cursor: Cursor<ServerRow>,
  { first, position }: { first: readonly ServerRow[]; position: PostgresOrigin },
): AsyncGenerator<readonly ServerRow[]> {
  let rows = first;
  while (rows.length > 0) {
    yield rows;
    rows = (await readBatch(cursor, position)).rows;
  }
  await cursor.close();
}

async function endQuietly(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined);
}
