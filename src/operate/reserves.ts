import { join } from 'node:path';

import { BUNDLE_FILES, parseManifest } from '../protocol/index.js';
import {
  formatReservesHash,
  MAX_PINS_BYTES,
  parsePins,
  parseReserves,
  RESERVES_FILE,
} from '../protocol/reserves/index.js';
import {
  captureWallets,
  composeReserves,
  composeWork,
  encodeRequests,
  importConfirmation,
  importSignatures,
  listRequests,
  loadWork,
  openRpcNode,
  parseWallets,
  REVIEWED_PINS,
  saveImported,
  saveWork,
  stateLiabilities,
  writeReserves,
  type ReservesWork,
} from '../reserves/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { isThere, readNamedFile } from '../system/index.js';
import { loadPublished } from '../verifier/node/index.js';
import { refuseOperation } from './errors.js';
import { atInstant, operationPaths, type Operation } from './operation.js';
import { DONE, runProgram } from './program.js';
import type { InstantPlan, OperationTools } from './tools.js';

const MAX_IMPORT_BYTES = 256 * 1024 * 1024;
const MAX_RESERVES_BYTES = 64 * 1024 * 1024;

type ReservesConfig = NonNullable<Operation['reserves']>;

/**
 * Fixes the blocks of the instant and captures the wallets of its chains, once: later runs go on with the same blocks.
 * @throws SolventError as the capture does, `node-unset`.
 */
export async function captureReserves(
  { operation, signer }: OperationTools,
  { takenAt }: InstantPlan,
  { platform, hash: snapshotHash }: Snapshot,
): Promise<{ readonly wasComplete: boolean }> {
  const path = operationPaths(operation).instant(takenAt).reservesWork;
  if (await isThere(path)) return { wasComplete: true };
  const config = operation.reserves!;
  const pins =
    config.pins === undefined ? REVIEWED_PINS : parsePins(await readNamedFile(config.pins, MAX_PINS_BYTES));
  const wallets = await readNamedFile(atInstant(config.wallets, takenAt), MAX_IMPORT_BYTES);
  const list = parseWallets(wallets);
  const openNode = (chain: string) => openConfiguredNode(config, chain);
  const { captures, bitcoin } = await captureWallets(list, { takenAt, pins, openNode });
  const head = { platform, takenAt, snapshotHash, signingKey: signer.signingKey.publicKey };
  await saveWork(path, composeWork(head, captures, { pins, encumbrances: list.encumbrances, bitcoin }));
  return { wasComplete: false };
}

function openConfiguredNode({ nodes }: ReservesConfig, chain: string) {
  const variable = nodes[chain];
  const url = variable === undefined ? undefined : process.env[variable];
  if (url !== undefined && url !== '') return openRpcNode(url);
  throw refuseOperation('node-unset', {
    expected: `the address of a node of ${chain}`,
    found: variable === undefined ? 'none in reserves.nodes' : `nothing in the variable ${variable}`,
  });
}

/**
 * Has the wallets sign where there is no signature yet, and writes the signed reserves, once.
 * @throws SolventError as publication does, `signer-failed`.
 */
export async function publishReserves(
  { operation, signer, lock }: OperationTools,
  { takenAt, previousReservesHash }: InstantPlan,
): Promise<{ readonly wasComplete: boolean; readonly reservesHash: string }> {
  const paths = operationPaths(operation).instant(takenAt);
  const wasComplete = await isThere(paths.reserves);
  if (!wasComplete) {
    const config = operation.reserves!;
    const work = await collectEvidence(paths.reservesWork, operation, takenAt);
    const manifest = await loadPublished(join(paths.bundle, BUNDLE_FILES.manifest), parseManifest);
    await lock.assertHeld();
    const files = await composeReserves(work, {
      liabilities: stateLiabilities(manifest, signer.signingKey.publicKey),
      signer: signer.signingKey,
      previousReservesHash,
      unsignedAsStated: config.unsignedAsStated,
    });
    await writeReserves(paths.reserves, files);
  }
  const bytes = await readNamedFile(join(paths.reserves, RESERVES_FILE), MAX_RESERVES_BYTES);
  return { wasComplete, reservesHash: formatReservesHash(parseReserves(bytes)) };
}

/** The work with the signatures that its command gives and the confirmations of custodians; kept, and not asked for again. */
async function collectEvidence(path: string, operation: Operation, takenAt: string): Promise<ReservesWork> {
  const { sign, confirmations } = operation.reserves!;
  let work = await loadWork(path);
  if (work.evidence.length > 0) return work;
  const requests = listRequests(work);
  if (sign !== undefined && requests.length > 0)
    work = {
      ...work,
      ...importSignatures(work, await askWallets(operation, sign, encodeRequests(requests))),
    };
  for (const file of confirmations) {
    const bytes = await readNamedFile(atInstant(file, takenAt), MAX_IMPORT_BYTES);
    work = { ...work, ...importConfirmation(work, bytes) };
  }
  await saveImported(path, work);
  return work;
}

async function askWallets(operation: Operation, words: readonly string[], requests: string | Uint8Array) {
  const { end, output } = await runProgram(operation, words, { input: requests });
  if (end === DONE) return output;
  throw refuseOperation('signer-failed', { expected: `signatures from ${words[0]!}`, found: end });
}
