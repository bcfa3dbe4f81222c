import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { BUNDLE_FILES, formatManifestHash, parseManifest, type Manifest } from '../protocol/index.js';
import {
  formatReservesHash,
  MAX_PINS_BYTES,
  parsePins,
  parseReserves,
  RESERVES_FILE,
} from '../protocol/reserves/index.js';
import {
  captureChain,
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
  writeReserves,
  type ChainCapture,
  type ReservesWork,
} from '../reserves/index.js';
import type { Snapshot } from '../snapshot/index.js';
import { readNamedFile } from '../system/index.js';
import { loadPublished } from '../verifier/node/index.js';
import type { Liabilities } from '../verifier/reserves/index.js';
import { refuseOperation } from './errors.js';
import { atInstant, operationPaths, type Operation } from './operation.js';
import { isThere, type InstantPlan, type OperationTools } from './steps.js';

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
  const { byChain, encumbrances } = parseWallets(wallets);
  const captures: ChainCapture[] = [];
  for (const [chain, held] of byChain) {
    captures.push(await captureChain(openNode(config, chain), { chain, takenAt, wallets: held, pins }));
  }
  const head = { platform, takenAt, snapshotHash, signingKey: signer.signingKey.publicKey };
  await saveWork(path, composeWork(head, captures, { pins, encumbrances }));
  return { wasComplete: false };
}

function openNode({ nodes }: ReservesConfig, chain: string) {
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
    const work = await collectEvidence(paths.reservesWork, config, takenAt);
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
async function collectEvidence(
  path: string,
  { sign, confirmations }: ReservesConfig,
  takenAt: string,
): Promise<ReservesWork> {
  let work = await loadWork(path);
  if (work.evidence.length > 0) return work;
  const requests = listRequests(work);
  if (sign !== undefined && requests.length > 0)
    work = { ...work, ...importSignatures(work, await ask(sign, encodeRequests(requests))) };
  for (const file of confirmations) {
    const bytes = await readNamedFile(atInstant(file, takenAt), MAX_IMPORT_BYTES);
    work = { ...work, ...importConfirmation(work, bytes) };
  }
  await saveImported(path, work);
  return work;
}

function ask(words: readonly string[], input: string | Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = spawn(words[0]!, words.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    const fail = (found: string) => {
      reject(refuseOperation('signer-failed', { expected: `signatures from ${words[0]!}`, found }));
    };
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', ({ code = 'no code' }: NodeJS.ErrnoException) => {
      fail(code);
    });
    child.once('close', (exitCode) => {
      if (exitCode === 0) resolve(Buffer.concat(chunks));
      else fail(`exit code ${exitCode ?? 'none'}`);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** What reserves are held against: the platform's own manifest. */
function stateLiabilities(manifest: Manifest, signingKey: string): Liabilities {
  const decimals = new Map(manifest.assets.map(({ symbol, decimals: own }) => [symbol, own]));
  const { platform, takenAt, snapshotHash, totals } = manifest;
  return {
    ...{ platform, takenAt, snapshotHash, signingKey },
    manifestHash: formatManifestHash(manifest),
    ...{ manifestHashCompared: false, trustHash: null, insecure: false },
    assets: totals.map(({ asset, equity, debt }) => ({
      asset,
      decimals: decimals.get(asset)!,
      equityUnits: BigInt(equity),
      debtUnits: BigInt(debt),
    })),
  };
}
