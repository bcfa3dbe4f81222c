import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  formatManifestHash,
  isSignedBy,
  parseSignature,
  parseTrust,
  signedMessage,
  type Manifest,
} from '../protocol/index.js';
import {
  formatReservesHash,
  hashPins,
  hashReserves,
  MAX_RESERVES_BYTES,
  MAX_SIGNATURE_BYTES,
  parsePins,
  parseReserves,
  RESERVES_FILE,
  RESERVES_SIGNATURE_FILE,
  type Reserves,
} from '../protocol/reserves/index.js';
import { isDirectory, makeDirectory, readRegularFile } from '../system/index.js';
import { createPairing, verifyBundle, verifyHistory } from '../verifier/index.js';
import {
  createSignerRecovery,
  loadHistory,
  loadPublished,
  openBundle,
  openReserves,
} from '../verifier/node/index.js';
import { toBundleVerdict, verifyReserves, verifyReservesHistory } from '../verifier/reserves/index.js';
import { reportStatedReserves, type StatedReserve } from '../verifier/reserves/shown.js';
import type { Signed } from './bundle-files.js';
import { refuseSite } from './errors.js';

/** The directory of a site that has its reserves, and of an earlier snapshot that has its own. */
export const RESERVES_DIRECTORY = 'reserves';

/** Reserves that a site shows beside its bundle. */
export type SiteReserves = {
  readonly reserves: Reserves;
  readonly reservesHash: string;
  /** The hash of the pins under which they were verified; null where they were not. */
  readonly pinsHash: string | null;
  /** As the platform states it, in the order of the manifest. */
  readonly assets: readonly StatedReserve[];
  /** All files of the directory. */
  readonly fileNames: readonly string[];
};

/** Where reserves come from, and what their readers would verify them with. */
export type ReservesSources = {
  readonly directory: string;
  readonly bundle: string;
  readonly trust?: string | undefined;
  readonly pins?: string | undefined;
  /** The site that was published before. */
  readonly previous?: string | undefined;
};

/**
 * Reads reserves that are of a bundle, and verifies them as their readers will where pins are given.
 * @throws SolventError `reserves-of-another-run`, `reserves-do-not-follow`, `reserves-not-valid`, `pins-alone`; of class `format`.
 */
export async function loadReserves(sources: ReservesSources, signed: Signed): Promise<SiteReserves> {
  const { directory } = sources;
  const reserves = await loadSignedReserves(directory, signed);
  const { manifest } = signed;
  if (
    reserves.manifestHash !== formatManifestHash(manifest) ||
    reserves.platform !== manifest.platform ||
    reserves.takenAt !== manifest.takenAt ||
    reserves.snapshotHash !== manifest.snapshotHash
  ) {
    throw refuseSite('reserves-of-another-run', {
      expected: `reserves of manifest ${formatManifestHash(manifest)} in ${directory}`,
      found: `those of ${reserves.manifestHash}`,
    });
  }
  await assertFollows(reserves, sources.previous);
  return {
    reserves,
    reservesHash: formatReservesHash(reserves),
    pinsHash: sources.pins === undefined ? null : await verifyAsReader(sources, sources.pins),
    assets: reportStatedReserves(reserves, listOwed(manifest)),
    fileNames: [RESERVES_FILE, RESERVES_SIGNATURE_FILE, ...reserves.files.map(({ name }) => name)],
  };
}

/**
 * Copies the files of reserves into a new directory, each as it was signed, and nothing else that lies beside them.
 * @throws SolventError `reserves-incomplete`, `file-unreadable`.
 */
export async function copyReserves(from: string, to: string): Promise<void> {
  const bytes = await readRegularFile(join(from, RESERVES_FILE), MAX_RESERVES_BYTES);
  const signature = await readRegularFile(join(from, RESERVES_SIGNATURE_FILE), MAX_SIGNATURE_BYTES);
  await makeDirectory(to);
  await writeFile(join(to, RESERVES_FILE), bytes);
  await writeFile(join(to, RESERVES_SIGNATURE_FILE), signature);
  for (const { name, sizeBytes, sha256 } of parseReserves(bytes).files) {
    const content = await readRegularFile(join(from, name), sizeBytes);
    const found = createHash('sha256').update(content).digest('hex');
    if (content.length !== sizeBytes || found !== sha256) {
      throw refuseSite('reserves-incomplete', {
        expected: `${name} of ${sizeBytes} bytes with SHA-256 ${sha256} in ${from}`,
        found: content.length === sizeBytes ? found : 'another size',
      });
    }
    await writeFile(join(to, name), content);
  }
}

/** Reserves that left out the ones before them could hide those. */
async function assertFollows(
  { previousReservesHash }: Reserves,
  previous: string | undefined,
): Promise<void> {
  if (previous === undefined) return;
  const history = await loadHistory(previous);
  const { entries } = verifyReservesHistory(history, verifyHistory(history));
  const expected = entries.findLast(({ reservesHash }) => reservesHash !== null)?.reservesHash ?? null;
  if (previousReservesHash === expected) return;
  throw refuseSite('reserves-do-not-follow', {
    expected:
      expected === null
        ? `reserves that follow none, as ${previous} has none`
        : `reserves that follow those of ${previous}, ${expected}`,
    found:
      previousReservesHash === null ? 'some that follow none' : `some that follow ${previousReservesHash}`,
  });
}

async function loadSignedReserves(directory: string, { signature: own }: Signed): Promise<Reserves> {
  if (!(await isDirectory(directory))) {
    throw refuseSite('reserves-incomplete', { expected: `reserves in ${directory}`, found: 'no directory' });
  }
  const source = await openReserves(directory);
  const reserves = parseReserves(source.reserves);
  const { publicKey, signature } = parseSignature(source.signature);
  if (
    publicKey !== own.publicKey ||
    !isSignedBy(publicKey, signedMessage(hashReserves(reserves)), signature)
  ) {
    throw refuseSite('reserves-of-another-run', {
      expected: `reserves signed under the key of the manifest, ${own.publicKey}, in ${directory}`,
      found: 'another signature',
    });
  }
  return reserves;
}

/** Verifies reserves as their readers will; development keys are let pass, as they are for the bundle. Returns the pins hash. */
async function verifyAsReader(
  { directory, bundle, trust: trustPath }: ReservesSources,
  pinsPath: string,
): Promise<string> {
  if (trustPath === undefined) {
    throw refuseSite('pins-alone', {
      expected: 'the trust file of the readers beside their pins',
      found: 'none',
    });
  }
  const trust = await loadPublished(trustPath, parseTrust);
  const pins = await loadPublished(pinsPath, parsePins);
  const report = await verifyBundle(await openBundle(bundle), trust, {
    pairing: await createPairing(),
    allowDevelopmentKeys: true,
  });
  const { valid, code, verdict } = await verifyReserves(await openReserves(directory), {
    bundle: toBundleVerdict(report, trust),
    pins,
    recover: createSignerRecovery(),
  });
  if (valid) return hashPins(pins);
  throw refuseSite('reserves-not-valid', {
    expected: 'reserves that their readers find valid',
    found: `${code} (${verdict})`,
    details: { code },
  });
}

function listOwed({ assets, totals }: Manifest) {
  return totals.map(({ asset, equity, debt }, index) => ({
    asset,
    decimals: assets[index]!.decimals,
    equityUnits: BigInt(equity),
    debtUnits: BigInt(debt),
  }));
}
