import { describeDirectory } from '../../system/index.js';
import {
  deriveChallenges,
  hashManifest,
  parseBase64url,
  parseWeightedTotals,
  requirePath,
  SolventError,
  type Challenges,
  type Manifest,
  type RowLayout,
  type RunSecret,
} from '../../protocol/index.js';
import { loadOwnBundle } from '../bundle/own-bundle.js';
import type { ProverCode } from '../errors.js';
import { runPaths, type RunPaths } from '../run/paths.js';
import { findPin } from '../run/pin.js';
import { loadSecret } from '../run/secret.js';
import { readRunFile } from '../run/own-files.js';
import { refuseProver } from '../errors.js';

/** A run whose bundle is written: what inclusion files are made from. */
export type FinishedRun = {
  readonly paths: RunPaths;
  readonly secret: RunSecret;
  readonly manifest: Manifest;
  readonly challenges: Challenges;
  /** The layout of each batch, in the order of commitments. */
  readonly layouts: readonly RowLayout[];
};

/**
 * Opens a run that has a bundle.
 * @throws SolventError `run-incomplete` where there is no bundle yet; `bundle-of-another-run`, `run-file-malformed`,
 * `run-not-private`.
 */
export async function openFinishedRun(directory: string): Promise<FinishedRun> {
  const paths = runPaths(requirePath(directory, 'the run'));
  const pin = await findPin(paths.pin);
  if (pin === undefined) throw await refuseIncomplete(directory);
  const secret = await loadSecret(paths.secret, pin.secretHash);
  const manifest = await loadOwnBundle({ paths, pin });
  if (manifest === undefined) throw await refuseIncomplete(directory);
  return {
    paths,
    secret,
    manifest,
    challenges: await readChallenges(paths, manifest),
    layouts: manifest.circuits.flatMap(({ parameters, proofCount }) =>
      Array.from({ length: proofCount }, () => parameters),
    ),
  };
}

/** The challenges of a run, from its manifest and its weighted totals. */
async function readChallenges(paths: RunPaths, manifest: Manifest): Promise<Challenges> {
  const hasMargin = manifest.circuits.some(({ parameters }) => parameters.kind === 'margin');
  const points = hasMargin ? parseWeightedTotals(await readRunFile(paths.weights)).points : [];
  return deriveChallenges(
    hashManifest(manifest),
    points.map((point) => parseBase64url(point, 32)),
  );
}

async function refuseIncomplete(directory: string): Promise<SolventError<ProverCode>> {
  return refuseProver('run-incomplete', {
    expected: `a run with its bundle in ${directory}`,
    found: await describeDirectory(directory),
    details: { path: directory },
  });
}
