import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';

import { formatManifestHash, type Manifest } from '../protocol/index.js';
import {
  ENTRIES_FILE,
  isOnChain,
  joinKey,
  keyOfEntry,
  keyOfEvidence,
  type ReserveEntry,
} from '../protocol/reserves/index.js';
import { writeDirectoryAtomically } from '../system/index.js';
import { type Liabilities } from '../verifier/reserves/index.js';
import { surveyReserves, type ReservesDraft } from '../verifier/reserves/making.js';
import { refuseMaking } from './errors.js';
import { listShownOutputs } from './bitcoin/import.js';
import { encodeReservesDirectory, type ReservesFiles, type ReservesSigner } from './directory.js';
import { sortBy, type ReservesWork } from './work.js';

/** What the platform decides when it publishes. */
export type PublishOptions = {
  readonly liabilities: Liabilities;
  readonly signer: ReservesSigner;
  readonly previousReservesHash: string | null;
  /** Whether wallets that nobody has signed for are stated, and count for nothing more. */
  readonly unsignedAsStated: boolean;
};

/** What reserves are held against: the platform’s own manifest. */
export function stateLiabilities(manifest: Manifest, signingKey: string): Liabilities {
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

/**
 * Makes the files of reserves of a work, as their verifier will accept them.
 * @throws SolventError `control-missing`, and the codes of the verifier's checks.
 */
export async function composeReserves(work: ReservesWork, options: PublishOptions): Promise<ReservesFiles> {
  const { liabilities, signer, previousReservesHash } = options;
  const draft: ReservesDraft = {
    format: 'solvent/reserves/v1',
    purpose: work.beacon === undefined ? 'snapshot' : 'persistence',
    ...(work.beacon === undefined ? {} : { beacon: work.beacon }),
    platform: work.platform,
    takenAt: work.takenAt,
    manifestHash: liabilities.manifestHash,
    snapshotHash: work.snapshotHash,
    previousReservesHash,
    blocks: work.blocks,
    custodians: work.custodians,
    encumbrances: work.encumbrances,
    entries: sortBy(claimShown(work, options.unsignedAsStated), keyOfEntry),
    evidence: sortBy(work.evidence, keyOfEvidence),
    headers: work.headers,
    nodes: work.nodes,
    ...(work.bitcoin === undefined ? {} : { bitcoin: work.bitcoin }),
  };
  const survey = await surveyReserves(draft, { pins: work.pins, liabilities });
  return encodeReservesDirectory(draft, survey, signer);
}

/** Writes files of reserves into a new directory, whole or not at all. */
export async function writeReserves(path: string, files: ReservesFiles): Promise<void> {
  await writeDirectoryAtomically(path, async (directory) => {
    for (const [name, bytes] of files) await writeFile(join(directory, name), bytes);
  });
}

/** The entries, each with the control that its evidence shows. */
function claimShown({ entries, evidence }: ReservesWork, unsignedAsStated: boolean): ReserveEntry[] {
  const shown = new Set(
    evidence.flatMap((line) =>
      line.kind === 'confirmation' || line.kind === 'audit'
        ? []
        : [joinKey(line.chain, line.address), ...listShownOutputs(line)],
    ),
  );
  const isShown = (entry: ReserveEntry) =>
    !isOnChain(entry) ||
    (entry.control !== 'signed' && entry.control !== 'owners') ||
    shown.has(joinKey(entry.chain, entry.address)) ||
    (entry.kind === 'output' && shown.has(joinKey(entry.chain, entry.transaction, String(entry.index))));
  const open = entries.flatMap((entry, index) => (isShown(entry) ? [] : [index + 1]));
  if (open.length > 0 && !unsignedAsStated) {
    throw refuseMaking('control-missing', {
      expected: `a signature for the wallet at ${ENTRIES_FILE} line ${open[0]!} of the work`,
      found: open.length === 1 ? 'none' : `none, nor for ${open.length - 1} others`,
      details: { lines: open.map(String) },
    });
  }
  return entries.map((entry) =>
    isShown(entry) || !isOnChain(entry) ? entry : { ...entry, control: 'stated' as const },
  );
}
