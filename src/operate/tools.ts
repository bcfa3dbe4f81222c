import { join } from 'node:path';

import { projectRoot, type Lock } from '../system/index.js';
import { loadKeys, type KeySet } from '../keys/index.js';
import { parseTrust, type Trust } from '../protocol/index.js';
import { loadPublished } from '../verifier/node/index.js';
import { refuseOperation } from './errors.js';
import type { Operation } from './operation.js';
import { DONE, runProgram } from './program.js';
import type { OperationListener } from './events.js';
import { openSigner, type OperationSigner } from './signer.js';

const VERIFIER = join('dist', 'src', 'verifier', 'command', 'main.js');

/** What the verifier's command is asked about a bundle. */
type StrangerOptions = {
  readonly bundle: string;
  readonly trust: string;
  readonly manifestHash: string;
  readonly previousManifestHash: string | null;
  readonly allowDevelopmentKeys: boolean;
  readonly workers: number;
};

/**
 * Verifies a bundle as a stranger does: by `solvent-verify` as a process of its own, which shares nothing with what made it but
 * the files.
 * @throws SolventError `stranger-refuses` with the verifier's code.
 */
export async function verifyAsStranger(operation: Operation, options: StrangerOptions): Promise<void> {
  const { bundle, trust, manifestHash, previousManifestHash: previous, allowDevelopmentKeys } = options;
  const words = ['bundle', bundle, '--trust', trust, '--manifest-hash', manifestHash, '--json'];
  const more = [
    ...(previous === null ? [] : ['--previous-manifest-hash', previous]),
    ...(allowDevelopmentKeys ? ['--allow-development-keys'] : []),
    ...['--workers', String(options.workers)],
  ];
  const program = [process.execPath, join(projectRoot(), VERIFIER)];
  const { end, output } = await runProgram(operation, [...program, ...words, ...more]);
  const code = readCode(output.toString('utf8'));
  if (end === DONE && code === 'valid') return;
  throw refuseOperation('stranger-refuses', {
    expected: 'a bundle that solvent-verify finds valid',
    found: `${code ?? 'no answer'} (${end})`,
    details: { code: code ?? 'none' },
    ...(code === 'development-keys'
      ? { advice: 'prove with keys of a ceremony; for a test say developmentKeys: allow' }
      : {}),
  });
}

function readCode(output: string): string | undefined {
  try {
    const { code } = JSON.parse(output) as { code?: unknown };
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}

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
