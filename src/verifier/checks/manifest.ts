import {
  BUNDLE_FILES,
  deriveCircuitTag,
  nameOfLayout,
  parseManifest,
  parseSignature,
  type Manifest,
  type ManifestSignature,
  type PinnedCircuit,
} from '../../protocol/index.js';
import { formatCount } from '../../presentation/index.js';
import type { Passed } from '../checklist.js';
import { refuse } from '../failure.js';
import { MAX_BUNDLE_PROOFS } from '../limits.js';
import type { BundleSource } from '../source.js';
import { within } from '../../protocol/index.js';

/** The manifest with its signature, neither yet believed. */
export type SignedManifest = { readonly manifest: Manifest; readonly signature: ManifestSignature };

/** 1: the manifest and its signature, canonical and of their schemas, and the manifest in itself consistent. */
export function readManifest(source: BundleSource): Passed<SignedManifest> {
  const manifest = within(BUNDLE_FILES.manifest, () => parseManifest(source.manifest));
  const signature = within(BUNDLE_FILES.signature, () => parseSignature(source.signature));
  const { assets, circuits, reconciliation } = manifest;
  const stray = circuits.find((circuit) => !isOfItsLayout(circuit));
  if (stray !== undefined) {
    throw refuse('circuit-set-malformed', `expected the name and tag of the layout of ${stray.name}`);
  }
  const proofCount = circuits.reduce((sum, circuit) => sum + circuit.proofCount, 0);
  if (proofCount > MAX_BUNDLE_PROOFS) {
    throw refuse('too-many-proofs', `expected at most ${MAX_BUNDLE_PROOFS} proofs, got ${proofCount} stated`);
  }
  const symbols = new Set(assets.map(({ symbol }) => symbol));
  const broken = (reconciliation?.acceptedBreaks ?? []).flatMap(({ asset }) => asset ?? []);
  if (!broken.every((symbol) => symbols.has(symbol))) {
    throw refuse('asset-not-listed', 'expected listed assets in accepted breaks, got another');
  }
  return {
    value: { manifest, signature },
    compared: `${formatCount(assets.length, 'asset')} and ${formatCount(circuits.length, 'circuit')} with ${manifest.indexBits} index bits`,
  };
}

/** Whether a circuit has the name and the tag of its layout. The tag is computed here and taken from no file. */
export function isOfItsLayout({
  name,
  parameters,
  tag,
}: Pick<PinnedCircuit, 'name' | 'parameters' | 'tag'>): boolean {
  return name === nameOfLayout(parameters) && tag === deriveCircuitTag(parameters).toString();
}
