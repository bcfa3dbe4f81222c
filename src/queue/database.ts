import { setTimeout as wait } from 'node:timers/promises';

import pg from 'pg';

import { SolventError } from '../protocol/index.js';
import { refuseQueue, type QueueCode } from './errors.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** No query of the queue takes nearly as long: whatever does has lost its network. */
const QUERY_TIMEOUT_MS = 15_000;
/** A machine that stopped in the middle of a transaction holds its rows no longer. */
const IDLE_TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 2_000;
/** How long a database that was there may be away. */
export const DEFAULT_PATIENCE_MS = 600_000;
/** The same at the beginning, where a wrong URL is as likely: a restart takes as long, or a start beside ours. */
const OPENING_PATIENCE_MS = 10_000;

const PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'];
const LOCAL_HOSTS = ['', 'localhost', '127.0.0.1', '[::1]'];

/** What runs a query: the whole database, or one transaction of it. */
export type Queryable = {
  readonly query: <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
};

/** How a transaction ends. */
export type TransactionOptions = {
  /** Whether it may be lost with the power, so that nobody waits for the disk. */
  readonly isLossBearable?: boolean;
};

/** How a database is waited for. */
export type DatabaseOptions = {
  /** How long it may be away before that is an error. */
  readonly patienceMs?: number | undefined;
  /** Told when it is lost, and when it is back. */
  readonly onConnection?: ((state: 'lost' | 'back') => void) | undefined;
  /** Connections at a time. */
  readonly connections?: number;
};

/** A PostgreSQL database that may restart: what was asked of it is asked again, so that all of it must bear to be done twice. */
export class QueueDatabase implements Queryable {
  readonly #pool: pg.Pool;
  readonly #options: DatabaseOptions;
  #isLost = false;
  #isClosed = false;

  private constructor(pool: pg.Pool, options: DatabaseOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  /**
   * Connects, and waits some seconds for a database that does not answer.
   * @throws SolventError `queue-url-malformed`, `queue-in-clear`, `queue-unreachable`, `queue-certificate-invalid`, `queue-denied`.
   */
  static async open(url: string, options: DatabaseOptions = {}): Promise<QueueDatabase> {
    const pool = new pg.Pool({
      ...readConnection(url),
      max: options.connections ?? 4,
      application_name: 'solvent',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TIMEOUT_MS,
      keepAlive: true,
    });
    // Idle connections that end are replaced when the next is wanted.
    pool.on('error', () => undefined);
    const database = new QueueDatabase(pool, options);
    try {
      const connect = async () => {
        (await pool.connect()).release();
      };
      await database.#persist(connect, Math.min(database.#patienceMs, OPENING_PATIENCE_MS));
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  }

  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#persist(async () => (await this.#pool.query(text, [...values])).rows as Row[]);
  }

  /** Runs work in one transaction, all of it again where the connection was lost: it may then have been done already. */
  async transact<T>(
    work: (transaction: Queryable) => Promise<T>,
    { isLossBearable = false }: TransactionOptions = {},
  ): Promise<T> {
    return this.#persist(async () => {
      const client = await this.#pool.connect();
      // Without a listener the end of a connection would end the process; the query at work fails by itself.
      const ignore = () => undefined;
      client.on('error', ignore);
      let fault: unknown;
      try {
        await client.query(isLossBearable ? 'BEGIN; SET LOCAL synchronous_commit = off' : 'BEGIN');
        const made = await work({
          query: async (text, values = []) => (await client.query(text, [...values])).rows as never[],
        });
        await client.query('COMMIT');
        return made;
      } catch (error) {
        fault = error;
        if (!isLoss(error)) await client.query('ROLLBACK').catch(ignore);
        throw error;
      } finally {
        client.off('error', ignore);
        client.release(isLoss(fault));
      }
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#pool.end().catch(() => undefined);
  }

  get #patienceMs(): number {
    return this.#options.patienceMs ?? DEFAULT_PATIENCE_MS;
  }

  async #persist<T>(ask: () => Promise<T>, patienceMs = this.#patienceMs): Promise<T> {
    const { onConnection } = this.#options;
    let lostAtMs: number | undefined;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)) {
      try {
        const made = await ask();
        if (this.#isLost) onConnection?.('back');
        this.#isLost = false;
        return made;
      } catch (error) {
        // Two transactions that wait for each other: the database ended this one, and the other goes on.
        if (describeFault(error).state === DEADLOCK) continue;
        const nowMs = performance.now();
        lostAtMs ??= nowMs;
        if (!isLoss(error) || this.#isClosed || nowMs - lostAtMs >= patienceMs)
          throw nameDatabaseError(error);
        if (!this.#isLost) onConnection?.('lost');
        this.#isLost = true;
      }
      await wait(pauseMs);
    }
  }
}

/**
 * The connection that a URL names. It is checked by certificate and name, unless it stays on this machine.
 * @throws SolventError `queue-url-malformed`, `queue-in-clear`.
 */
export function readConnection(url: string): pg.ClientConfig {
  const malformed = (found: string) =>
    refuseQueue('queue-url-malformed', { expected: 'the URL of a PostgreSQL database', found });
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^postgres(?:ql)?:$/.test(parsed.protocol)) throw malformed('another text');
  const unknown = [...parsed.searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw malformed('a parameter that is not known here');
  const mode = parsed.searchParams.get('sslmode');
  if (mode !== null && mode !== 'verify-full' && mode !== 'disable') {
    throw refuseQueue('queue-in-clear', { expected: 'sslmode=verify-full', found: 'another mode' });
  }
  const isLocal = LOCAL_HOSTS.includes(parsed.hostname);
  if (!isLocal && mode === 'disable') {
    throw refuseQueue('queue-in-clear', {
      expected: 'a connection by TLS to another machine',
      found: 'sslmode=disable',
    });
  }
  if (!isLocal) parsed.searchParams.set('sslmode', 'verify-full');
  return { connectionString: parsed.href };
}

const DEADLOCK = '40P01';
/** What Node says of a certificate that is over, not yet valid, of another name, or of an issuer that nobody trusts. */
const CERTIFICATE =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)|ERR_TLS_CERT|INVALID_CA|HOSTNAME_)/;
/** Connection lost, shut down, starting up, out of connections. */
const LOST_STATE = /^(?:08...|57P0[1-5]|53300|25P03)$/;
const LOST_SYSTEM =
  /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EAI_AGAIN|ENOENT)$/;
/** pg gives these no code. */
const LOST_MESSAGE =
  /^(?:Connection terminated|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error)/;

function describeFault(error: unknown): { readonly state: string; readonly message: string } {
  const { code, message = '' } = (error ?? {}) as { code?: unknown; message?: string };
  return { state: typeof code === 'string' ? code : '', message };
}

/** Whether the database may answer the same again, later. */
function isLoss(error: unknown): boolean {
  const { state, message } = describeFault(error);
  if (error instanceof AggregateError) return error.errors.some(isLoss);
  return LOST_STATE.test(state) || LOST_SYSTEM.test(state) || LOST_MESSAGE.test(message);
}

/** An error of the database or the network as one of ours. Nothing of the URL is shown, and nothing that a query carried. */
export function nameDatabaseError(error: unknown): SolventError {
  if (error instanceof SolventError) return error as SolventError;
  const { state, message } = describeFault(error);
  const refuse = (code: QueueCode, expected: string, found: string) =>
    refuseQueue(code, { expected, found, details: state === '' ? {} : { state } });
  if (/^(?:28|3D)/.test(state))
    return refuse('queue-denied', 'the database to let us in', `SQLSTATE ${state}`);
  if (state === '42501') {
    return refuse('queue-forbidden', 'a role that may use the queue', 'SQLSTATE 42501, permission denied');
  }
  if (CERTIFICATE.test(state) || message.includes('does not support SSL connections')) {
    const found = state === '' ? 'a server without TLS' : state;
    return refuse('queue-certificate-invalid', 'a valid certificate of the database', found);
  }
  if (/^[0-9A-Z]{5}$/.test(state) && !LOST_STATE.test(state)) {
    return refuse('queue-query-failed', 'the queue to answer', `SQLSTATE ${state}`);
  }
  const shown = /^[A-Z][A-Z0-9_]{2,40}$/.test(state) ? state : 'no answer';
  return refuse('queue-unreachable', 'an answer from the database of the queue', shown);
}
