import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import {
  bytesToHex,
  derivePriceTable,
  encodeJsonLine,
  hashManifest,
  SIGNATURE_FORMAT,
  signedMessage,
  type Manifest,
} from '../../src/protocol/index.js';
import {
  completeManifest,
  composeContent,
  encodeCommitments,
} from '../../src/prover/commit/compose-manifest.js';
import { cutRows, type CutRun } from '../../src/prover/commit/cut-rows.js';
import {
  deriveRunSeeds,
  hashContents,
  type ManifestContent,
  weighRun,
} from '../../src/prover/commit/run-seeds.js';

import { listBatches } from '../../src/prover/seal.js';
import { checkSums } from '../../src/prover/bundle/check-sums.js';
import { encodeProofs } from '../../src/prover/bundle/bundle.js';
import { commitBatches } from '../../src/prover/commit/commit-batches.js';
import { runPaths } from '../../src/prover/run/paths.js';
import { proveBatches } from '../../src/prover/pool/prove-batches.js';
import { runOptions, SIGNER, type BundleBytes, type Exchange } from './fixture.js';

/** What a prover without scruples changes, each before everything that follows from it. */
export type Lies = {
  /** The rows, before they are committed to. */
  readonly rows?: (cut: CutRun) => CutRun;
  /** What the manifest says, before it is hashed. */
  readonly content?: (content: ManifestContent) => ManifestContent;
  /** Looks at the result as an honest prover does before it writes a bundle. */
  readonly isChecked?: boolean;
};

/** A run whose prover looks at nothing: its proofs are real, made under the false manifest. */
export async function proveLies(exchange: Exchange, lies: Lies): Promise<BundleBytes> {
  const { snapshot, profile, circuits, accounts, ...options } = runOptions(exchange);
  const paths = runPaths(exchange.directory);
  for (const path of [paths.batch(0), paths.proof(0)]) {
    await mkdir(dirname(path), { recursive: true });
  }
  const secret = new Uint8Array(32).fill(3);
  const layouts = circuits.map(({ parameters }) => parameters);
  const { prices } = derivePriceTable(snapshot.assets);
  const honest = await cutRows(accounts(), {
    ...{ layouts, prices, secret, snapshot },
    orderKey: secret,
    keepStatement: () => ({ start: 0, sizeBytes: 0 }),
  });
  const cut = lies.rows?.(honest) ?? honest;
  const stated = composeContent(snapshot, { profile, circuits, batchCounts: cut.batchCounts });
  const content = lies.content?.(stated) ?? stated;
  const seeds = deriveRunSeeds(hashContents(cut.batches), content, { secret, salt: secret });
  const made = await commitBatches(listBatches(cut, seeds, circuits), {
    ...{ paths, runName: secret, workers: 1, isKernelSound: true },
    onCommitted: () => undefined,
  });
  const committed = made.map((batch, index) => ({ ...batch, circuit: cut.batches[index]!.circuit }));
  const commitments = encodeCommitments(circuits, committed);
  const manifest = completeManifest(content, commitments);
  const margin = cut.batches.flatMap(({ layout, rows }, index) =>
    layout.kind === 'margin' ? [{ layout, rows, coverMask: committed[index]!.coverMask }] : [],
  );
  const { challenges, weights, manifestHash } = await weighRun(manifest, margin, seeds.runSeed);
  const awaited = committed.map(({ circuit, digest }, index) => ({
    index,
    digest,
    circuit: circuits[circuit]!,
  }));
  const proofs = await proveBatches(awaited, {
    ...options,
    ...{ paths, challenges, manifestHash },
    onProven: () => undefined,
  });
  const batches = proofs.map((proof, index) => ({ ...proof, layout: cut.batches[index]!.layout }));
  if (lies.isChecked === true) {
    await checkSums({ manifest, challenges, batches, ...(weights && { weights }) }, paths);
  }
  return { ...signAnew(manifest), commitments, proofs: encodeProofs(proofs), ...(weights && { weights }) };
}

/** A manifest of any content under the platform's own signature. */
export function signAnew(manifest: Manifest): Pick<BundleBytes, 'manifest' | 'signature'> {
  return {
    manifest: encodeJsonLine(manifest),
    signature: encodeJsonLine({
      format: SIGNATURE_FORMAT,
      algorithm: 'ed25519',
      publicKey: SIGNER.publicKey,
      signature: bytesToHex(SIGNER.sign(signedMessage(hashManifest(manifest)))),
    }),
  };
}
