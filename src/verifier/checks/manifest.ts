import {
  AMOUNT_BITS,
  BUNDLE_FILES,
  deriveCircuitTag,
  MAX_STATEMENT_LINES,
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

const MAX_AMOUNT = (1n << BigInt(AMOUNT_BITS)) - 1n;
/** More than a stated decimal has behind its point. */
const DECIMAL_DIGITS = 80;

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
  assertStatedAmounts(manifest);
  return {
    value: { manifest, signature },
    compared: `${formatCount(assets.length, 'asset')} and ${formatCount(circuits.length, 'circuit')} with ${manifest.indexBits} index bits`,
  };
}

/** Roundings, write-offs and breaks that could be: a platform states them, and counts and totals bound them. */
function assertStatedAmounts(manifest: Manifest): void {
  const { assets, circuits, totals, rounding, writeOffs, reconciliation } = manifest;
  const rows = circuits.reduce((sum, { proofCount, parameters }) => sum + proofCount * parameters.rows, 0);
  const priceless = new Set(assets.filter(({ price }) => price === '0').map(({ symbol }) => symbol));
  const most = BigInt(writeOffs.accountsBelow - 1) * MAX_AMOUNT;
  // An account has one row at least, and an amount of it below 2^64.
  const areWriteOffsFit =
    writeOffs.accountsBelow / 2 <= rows &&
    writeOffs.debts.every(({ asset, debt }) => BigInt(debt) <= most && !priceless.has(asset));
  // A line loses less than one unit, and what lines add up to is one unit at least where it is an equity.
  const areRoundingsFit = rounding.every(({ asset, equity, debt }) => {
    const total = totals.find((line) => line.asset === asset)!;
    return (
      BigInt(equity) <= BigInt(total.equity) * BigInt(MAX_STATEMENT_LINES) &&
      BigInt(debt) <= BigInt(rows) * BigInt(MAX_STATEMENT_LINES)
    );
  });
  const areBreaksFit = (reconciliation?.acceptedBreaks ?? []).every(
    ({ difference, magnitude }) => scale(difference.replace('-', '')) <= scale(magnitude),
  );
  if (areWriteOffsFit && areRoundingsFit && areBreaksFit) return;
  const what = areWriteOffsFit ? (areRoundingsFit ? 'breaks' : 'roundings') : 'write-offs';
  throw refuse('stated-amount-unfit', `expected ${what} that fit the totals and counts, got others`);
}

/** A decimal of at most 80 characters as an integer that compares as it does. */
function scale(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(DECIMAL_DIGITS, '0'));
}

/** Whether a circuit has the name and the tag of its layout. The tag is computed here and taken from no file. */
export function isOfItsLayout({
  name,
  parameters,
  tag,
}: Pick<PinnedCircuit, 'name' | 'parameters' | 'tag'>): boolean {
  return name === nameOfLayout(parameters) && tag === deriveCircuitTag(parameters).toString();
}
