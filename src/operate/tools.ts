import { loadKeys, type KeySet } from '../keys/index.js';
import { parseTrust, type Trust } from '../protocol/index.js';
import type { Lock } from '../system/index.js';
import { loadPublished } from '../verifier/node/index.js';
import { refuseOperation } from './errors.js';
import type { OperationListener } from './events.js';
import type { Operation } from './operation.js';
import { openSigner, type OperationSigner } from './signer.js';

/** What all instants of an operation are made with. */
export type OperationTools = {
  readonly operation: Operation;
  readonly keys: KeySet;
  readonly trust: Trust;
  readonly signer: OperationSigner;
  readonly lock: Lock;
  readonly now: () => number;
  readonly onEvent: OperationListener;
};

/** One instant, with what comes before it. */
export type InstantPlan = {
  readonly takenAt: string;
  readonly previousManifestHash: string | null;
  /** The site that its own will go on from; undefined for the first. */
  readonly previousSite: string | undefined;
  readonly previousReservesHash: string | null;
};

/** Opens keys, trust file and key, and holds them to each other. @throws SolventError `trust-differs`, and theirs. */
export async function openTools(
  operation: Operation,
  shared: Pick<OperationTools, 'lock' | 'now' | 'onEvent'>,
): Promise<OperationTools> {
  const keys = await loadKeys(operation.keys);
  const trust = await loadPublished(operation.trust, parseTrust);
  const signer = await openSigner(operation);
  assertTrusted(operation, { keys, trust, signer });
  return { operation, keys, trust, signer, ...shared };
}

/** Readers with this trust file would refuse what is made with other keys. @throws SolventError `trust-differs`. */
export function assertTrusted(
  { platform }: Operation,
  { keys, trust, signer }: Pick<OperationTools, 'keys' | 'trust' | 'signer'>,
): void {
  const differ = (what: string) =>
    refuseOperation('trust-differs', { expected: `a trust file of the ${what}`, found: 'that of another' });
  if (trust.signingKey !== signer.signingKey.publicKey) throw differ('key that signs');
  if (trust.platform !== null && trust.platform !== platform) throw differ(`platform ${platform}`);
  const [held, own] = [trust.circuits, keys.circuits].map((circuits) =>
    circuits.map(({ name, fingerprint }) => `${name} ${fingerprint}`).join(),
  );
  if (trust.profile !== keys.profile || held !== own) throw differ('proving keys');
}
