import { SolventError } from '../../../../protocol/index.js';
import { refuseSnapshot } from '../../../errors.js';

/** Why a database cannot be read. */
export type PostgresCode =
  | 'connection-unset'
  | 'connection-malformed'
  | 'connection-refused'
  | 'connection-denied'
  | 'certificate-invalid'
  | 'connection-lost'
  | 'permission-denied'
  | 'query-failed';

/** What Node says of a certificate that is over, not yet valid, of another name, or of an issuer that nobody trusts. */
const CERTIFICATE =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)|ERR_TLS_CERT|INVALID_CA|HOSTNAME_)/;

/** Where in the reading of a database an error came up. */
export type PostgresOrigin = {
  /** The name of the connection in the configuration. */
  readonly connection: string;
  /** The key of the query in the configuration; null while connecting. */
  readonly key: string | null;
};

type Fault = { readonly code: PostgresCode; readonly message: string };

/**
 * An error of the database or the network as one of ours. Nothing of the URL is shown, and of the server's own words
 * only those about the query itself, since others may quote values.
 */
export function refusePostgres(error: unknown, position: PostgresOrigin): SolventError {
  if (error instanceof SolventError) return error as SolventError;
  const { code, message } = describe(error, position);
  const details = {
    connection: position.connection,
    ...(position.key === null ? {} : { key: position.key }),
  };
  return refuseSnapshot(code, message, { details });
}

function describe(error: unknown, { connection, key }: PostgresOrigin): Fault {
  const { code: stated, message = '' } = (error ?? {}) as { code?: unknown; message?: string };
  const state = typeof stated === 'string' ? stated : '';
  const database = `the database of the connection ${connection}`;
  if (/^(?:28|3D)/.test(state)) {
    const got = `got SQLSTATE ${state}: correct user, password and database in its URL`;
    return { code: 'connection-denied', message: `expected ${database} to let us in, ${got}` };
  }
  if (CERTIFICATE.test(state)) {
    const got = `got ${state}: renew the certificate of its server, or trust its issuer`;
    return { code: 'certificate-invalid', message: `expected a valid certificate of ${database}, ${got}` };
  }
  if (key === null) {
    const got = `got ${/^[A-Z0-9_]{2,40}$/.test(state) ? state : 'no answer'}: is it running, and can it be reached from here?`;
    return { code: 'connection-refused', message: `expected an answer from ${database}, ${got}` };
  }
  if (state === '42501') {
    return { code: 'permission-denied', message: `expected ${key} to be permitted, got: ${message}` };
  }
  if (state.startsWith('42')) {
    return { code: 'query-failed', message: `expected ${key} to run, got SQLSTATE ${state}: ${message}` };
  }
  if (/^[0-9A-Z]{5}$/.test(state) && !/^(?:08|57P)/.test(state)) {
    return {
      code: 'query-failed',
      message: `expected ${key} to run, got SQLSTATE ${state}: run it by hand to see why`,
    };
  }
  return {
    code: 'connection-lost',
    message: `expected ${database} to stay while ${key} is read, got its end: run the command again`,
  };
}
