import PgBoss from 'pg-boss';

import { refuseQueue } from './errors.js';
import type { QueueDatabase, Queryable } from './database.js';

/** The schema of pg-boss, which is nobody else's. */
export const ENGINE_SCHEMA = 'solvent_pgboss';
const FORMAT = 2;

/** How long a worker's tasks are its own after its last sign of life, by the clock of the database. */
export const LEASE = "interval '20 seconds'";
/** Wrong answers after which a worker is not asked again. */
export const MAX_WRONG_ANSWERS = 3;

/** A circuit as a run names it to workers. */
export type QueuedCircuit = { readonly name: string; readonly fingerprint: string };

/** What the tasks of a run are for: points and digests of rows, or proofs. */
export type QueueStage = 'committing' | 'proving';

/** The name of a run's queue in the engine. */
export const queueName = (run: string) => `run-${run}`;

/** The id of a batch's job, a UUID in the order of batches: the engine gives out the lowest first. */
export function jobId(run: string, batch: number): string {
  const digits = `${run.slice(0, 16)}${batch.toString(16).padStart(16, '0')}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * What is kept beside the engine's jobs. A task is there exactly as long as its job is, an answer until the coordinator has it, and
 * the rest of a run until it ends.
 */
const TABLES = `
CREATE SCHEMA solvent_queue;
CREATE TABLE solvent_queue.format (version int NOT NULL);
INSERT INTO solvent_queue.format VALUES (${FORMAT});
CREATE TABLE solvent_queue.worker (
  name text PRIMARY KEY,
  instance uuid NOT NULL,
  host text NOT NULL,
  process int NOT NULL,
  threads int NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  made bigint NOT NULL DEFAULT 0,
  wrong int NOT NULL DEFAULT 0,
  banned boolean NOT NULL DEFAULT false
);
CREATE TABLE solvent_queue.run (
  id text PRIMARY KEY,
  stage text NOT NULL,
  circuits jsonb NOT NULL,
  key_check bytea NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE solvent_queue.refusal (
  run text NOT NULL REFERENCES solvent_queue.run ON DELETE CASCADE,
  worker text NOT NULL,
  code text NOT NULL,
  PRIMARY KEY (run, worker)
);
CREATE TABLE solvent_queue.task (
  run text NOT NULL REFERENCES solvent_queue.run ON DELETE CASCADE,
  batch int NOT NULL,
  sealed bytea NOT NULL,
  holder uuid,
  losses int NOT NULL DEFAULT 0,
  PRIMARY KEY (run, batch)
);
ALTER TABLE solvent_queue.task ALTER sealed SET STORAGE EXTERNAL;
CREATE TABLE solvent_queue.answer (
  run text NOT NULL REFERENCES solvent_queue.run ON DELETE CASCADE,
  batch int NOT NULL,
  worker text NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (run, batch)
);
`;

/** The engine over a database of ours: it has no connection, clock or errors of its own. */
export function openEngine(database: Queryable): PgBoss {
  return new PgBoss({
    db: { executeSql: async (text, values) => ({ rows: await database.query(text, values) }) },
    schema: ENGINE_SCHEMA,
    migrate: false,
    // Leases are kept by heartbeats of ours: the engine's own end by the clock, whoever is still at work.
    supervise: false,
    schedule: false,
  });
}

/** How a call of the engine takes part in a transaction of ours. */
export function within(transaction: Queryable) {
  return {
    db: {
      executeSql: async (text: string, values: unknown[]) => ({
        rows: await transaction.query<unknown>(text, values),
      }),
    },
  };
}

/** Makes the tables where they are not there. @throws SolventError `queue-of-another-version`, `queue-forbidden`. */
export async function ensureTables(database: QueueDatabase): Promise<void> {
  if (await hasTables(database)) return;
  await database.transact(async (transaction) => {
    // One at a time, and the second finds what the first made.
    await transaction.query('SELECT pg_advisory_xact_lock(7231906)');
    if (await hasTables(transaction)) return;
    for (const statement of TABLES.split(/;\n/).filter((text) => text.trim() !== ''))
      await transaction.query(statement);
    await transaction.query(stripTransaction(PgBoss.getConstructionPlans(ENGINE_SCHEMA)));
  });
}

/** Whether the tables are there, of this version. @throws SolventError `queue-of-another-version`. */
export async function hasTables(database: Queryable): Promise<boolean> {
  const [found] = await database.query<{ there: boolean }>(
    "SELECT to_regclass('solvent_queue.format') IS NOT NULL AS there",
  );
  if (found?.there !== true) return false;
  const versions = await database.query<{ version: number }>('SELECT version FROM solvent_queue.format');
  if (versions.length === 1 && versions[0]!.version === FORMAT) return true;
  throw refuseQueue('queue-of-another-version', {
    expected: `tables of version ${FORMAT} in the schema solvent_queue`,
    found: 'others',
  });
}

/** The engine's plans bring a transaction of their own. */
function stripTransaction(plans: string): string {
  return plans.replace(/^\s*BEGIN;/m, '').replace(/COMMIT;\s*$/m, '');
}
