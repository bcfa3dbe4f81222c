import {
  bytesToHex,
  blindGenerator,
  concatBytes,
  deriveChallenges,
  deriveOffsets,
  derivePriceTable,
  deriveRowChallenge,
  encodeBase64url,
  encodeFieldElements,
  encodeJsonLine,
  encodePoint,
  addField,
  codeOf,
  formatManifestHash,
  groupOf,
  hashCommitments,
  hashManifest,
  INCLUSION_FORMAT,
  listCodes,
  listPublicSignals,
  MANIFEST_FORMAT,
  multiplyField,
  openWeightBlinds,
  powerField,
  reduceField,
  sideOf,
  sumField,
  weightsGenerator,
  ZERO,
  type BatchCommitment,
  type BatchProof,
  type BatchValues,
  type Challenges,
  type CurvePoint,
  type FieldElement,
  type InclusionFile,
  type ListedCode,
  type Manifest,
  type ManifestSignature,
  type WeightedTotals,
} from '../../src/protocol/index.js';
import type { BundleSource } from '../../src/verifier/index.js';
import { evaluate, nonceOf, openGroupBlinds, PLATFORM_NAME, type Batch } from './batches.js';
import { LISTED, makeStatement, TABLE } from './exchange.js';
import { INDEX_BITS, pick, sign, type Platform } from './platform.js';

export { makeLine, makePosition, makeStatement } from './exchange.js';
export { makeCeremony, makePlatform, sign, type Platform } from './platform.js';

/** Gw with a table of its multiples: every lie makes the points of its weighted totals anew. */
const WEIGHTS = weightsGenerator().precompute(8);

/** A bundle as values, to be changed and published. */
export type Published = {
  manifest: Manifest;
  signature: ManifestSignature;
  commitments: BatchCommitment[];
  weights: WeightedTotals | undefined;
  proofs: BatchProof[];
  /** What only its maker knows; rho, x and gamma follow from the files. */
  readonly batches: readonly Batch[];
  challenges: Challenges;
};

/** What a prover without scruples changes on the way, each before everything that follows from it. */
export type Lies = {
  /** What the manifest says, before it is hashed. */
  readonly manifest?: (manifest: Manifest) => void;
  readonly commitments?: (lines: BatchCommitment[]) => void;
  /** o_b as the prover takes them, for the weighted totals and for nothing else. */
  readonly offsets?: (honest: readonly number[]) => readonly number[];
  /** The 2A + 1 values on Gw, before x is drawn. */
  readonly weigh?: (values: FieldElement[], gamma: FieldElement) => FieldElement[];
  /** The bytes of the 2A + 1 points, before x is drawn. */
  readonly points?: (points: Uint8Array[]) => Uint8Array[];
  /** What the proofs are made for, in place of the challenges that everyone makes. */
  readonly challenges?: (made: Challenges) => Challenges;
  /** The values that proofs show: a trapdoor proves any. */
  readonly values?: (values: BatchValues[], challenges: Challenges) => BatchValues[];
};

/** The published files of some batches. */
export function publish(platform: Platform, batches: readonly Batch[], lies: Lies = {}): Published {
  const manifest = composeManifest(platform, batches);
  const published: Published = {
    manifest,
    signature: sign(platform, manifest),
    commitments: batches.map(({ circuit, digest, list }) => ({
      circuit,
      digest: digest.toString(),
      list: list.toString(),
    })),
    weights: undefined,
    proofs: [],
    batches,
    challenges: { gamma: ZERO, x: ZERO, rho: ZERO },
  };
  reseal(platform, published, lies);
  return published;
}

/** Makes everything anew that follows from the manifest and the commitments as they now are, and signs it. */
export function reseal(platform: Platform, published: Published, lies: Lies = {}): void {
  const { manifest, commitments, batches } = published;
  lies.commitments?.(commitments);
  manifest.commitmentsHash = bytesToHex(hashCommitments(concatBytes(...commitments.map(encodeJsonLine))));
  lies.manifest?.(manifest);
  published.signature = sign(platform, manifest);
  const hash = hashManifest(manifest);
  const codes = codesOf(manifest);
  const hasMargin = manifest.circuits.some(({ parameters }) => parameters.kind === 'margin');
  const weighed = hasMargin ? weigh(batches, codes, { gamma: deriveRowChallenge(hash), lies }) : undefined;
  const made = deriveChallenges(hash, weighed?.points ?? []);
  published.challenges = made;
  published.weights = weighed && {
    points: weighed.points.map(encodeBase64url),
    zW: openWeightBlinds(weighed.blinds, codes, made.x).toString(),
  };
  const provenAt = lies.challenges?.(made) ?? made;
  const honest = batches.map((batch) => evaluate(batch, provenAt));
  const values = lies.values?.(honest, provenAt) ?? honest;
  published.proofs = values.map((value, index) => proveBatch(platform, batches[index]!, value, provenAt));
}

/** Signs the manifest as it now is, and nothing else: its proofs are those of another manifest. */
export function resign(platform: Platform, published: Published): void {
  published.signature = sign(platform, published.manifest);
}

/** The line of proofs of one batch that shows some values: a trapdoor proves any. */
export function proveBatch(
  { keys }: Pick<Platform, 'keys'>,
  { circuit, digest }: Pick<Batch, 'circuit' | 'digest'>,
  value: BatchValues,
  challenges: Challenges,
): BatchProof {
  const { total, cover, openings } = value;
  return {
    L: total.toString(),
    ...(cover === null ? {} : { K: cover.toString() }),
    z: encodeFieldElements(openings),
    proof: keys.get(circuit)!.prove(listPublicSignals(digest, value, challenges), ''),
  };
}

/** The codes of a manifest's listing; those of the honest one where its prices have no table. */
export function codesOf({ assets, indexBits }: Manifest): ListedCode[] {
  try {
    return listCodes(indexBits, derivePriceTable(assets).prices);
  } catch {
    return listCodes(INDEX_BITS, TABLE.prices);
  }
}

function weigh(
  batches: readonly Batch[],
  codes: readonly ListedCode[],
  { gamma, lies }: { readonly gamma: FieldElement; readonly lies: Lies },
) {
  const margin = batches.filter(({ layout }) => layout.kind === 'margin');
  const honest = deriveOffsets(margin.map(({ layout }) => layout));
  const offsets = lies.offsets?.(honest) ?? honest;
  const mask = sumField(
    margin.map(({ masks }, index) => multiplyField(powerField(gamma, offsets[index]!), masks.cover)),
  );
  const sums = codes.map(() => ZERO);
  const positions = new Map(codes.map(({ code }, index) => [code as bigint, index]));
  margin.forEach(({ layout, rows }, index) => {
    rows.forEach(({ slots }, row) => {
      const weight = powerField(gamma, offsets[index]! + row + 1);
      for (const slot of slots) {
        const position = positions.get(codeOf(layout.indexBits, slot));
        if (position === undefined) continue;
        sums[position] = addField(sums[position]!, multiplyField(weight, reduceField(slot.amountUnits)));
      }
    });
  });
  const values = lies.weigh?.([mask, ...sums], gamma) ?? [mask, ...sums];
  const blinds = [mask, ...sums].map((_, index) => pick(`blind of weights ${index}`));
  const points = values.map((value, index) => encodePoint(pointOfWeight(value, index)));
  return { blinds, points: lies.points?.(points) ?? points };
}

const blinded = new Map<number, CurvePoint>();

/** value Gw + t H, with the blind t of one place. */
function pointOfWeight(value: FieldElement, position: number): CurvePoint {
  const blind = blinded.get(position) ?? blindGenerator().multiply(pick(`blind of weights ${position}`));
  blinded.set(position, blind);
  return value === 0n ? blind : WEIGHTS.multiply(value).add(blind);
}

/** What an honest platform states about some batches. */
function composeManifest(platform: Platform, batches: readonly Batch[]): Manifest {
  const circuits = platform.trust.circuits.map((pin) => ({
    ...structuredClone(pin),
    verificationKey: structuredClone(platform.keys.get(pin.name)!.key),
    proofCount: batches.filter(({ circuit }) => circuit === pin.name).length,
  }));
  return {
    format: MANIFEST_FORMAT,
    platform: PLATFORM_NAME,
    takenAt: '2026-06-30T00:00:00Z',
    leastDistanceMs: 60_000,
    quote: 'USD',
    scope: { included: 'spot and margin accounts', excluded: ['accounts of the platform itself'] },
    snapshotHash: 'ab'.repeat(32),
    previousManifestHash: 'cd'.repeat(32),
    scale: TABLE.scale,
    assets: structuredClone([...LISTED]),
    maxMarkAgeMs: 60_000,
    profile: platform.trust.profile,
    indexBits: platform.trust.indexBits,
    circuits,
    totals: sumTotals(batches),
    rounding: [{ asset: 'USDT', equity: '1', debt: '2' }],
    writeOffs: { accountsBelow: 2, debts: [{ asset: 'USDT', debt: '7' }] },
    reconciliation: null,
    commitmentsHash: '',
  };
}

/** What a platform states of its books, which binds it to a statement for every user. */
export const RECONCILIATION: NonNullable<Manifest['reconciliation']> = {
  compared: { balances: 'all', control: 4, positions: null },
  acceptedBreaks: [
    { kind: 'control-differs', asset: 'XYZ', countBelow: 2, difference: '-0.5', magnitude: '0.5' },
  ],
};

/** The exact sums of listed assets over all batches. */
export function sumTotals(batches: readonly Batch[]): Manifest['totals'] {
  const slots = batches.flatMap(({ rows }) => rows.flatMap((row) => row.slots));
  const sum = (index: number, side: number) =>
    slots
      .filter((slot) => slot.assetIndex === index && sideOf(slot) === side)
      .reduce((total, { amountUnits }) => total + amountUnits, 0n)
      .toString();
  return LISTED.map(({ symbol }, index) => ({ asset: symbol, equity: sum(index, 0), debt: sum(index, 1) }));
}

/** The inclusion file of a user, as an honest platform makes it of these batches. */
export function makeInclusion(published: Published, userId: string): InclusionFile {
  const { batches, challenges } = published;
  const positions = batches
    .flatMap(({ rows }, batch) => rows.map(({ owner }, row) => ({ owner, batch, row })))
    .flatMap(({ owner, batch, row }) => (owner?.userId === userId ? [{ owner, batch, row }] : []))
    .sort((a, b) => a.owner.part - b.owner.part);
  const [first] = positions;
  if (first === undefined) throw new Error('expected a user of the exchange');
  const used = [...new Set(positions.map(({ batch }) => batch))].sort((a, b) => a - b);
  return {
    format: INCLUSION_FORMAT,
    manifestHash: formatManifestHash(published.manifest),
    userId,
    statement: first.owner.lines === undefined ? null : makeStatement(structuredClone(first.owner.lines)),
    partCount: first.owner.partCount,
    batches: used.map((batch) => ({ batch, groupHashes: batches[batch]!.groupHashes.map(encodeBase64url) })),
    groups: used.flatMap((batch) => {
      const rows = positions.filter((position) => position.batch === batch).map(({ row }) => row);
      const groups = new Set(rows.map((row) => groupOf(batches[batch]!.layout, row).group));
      return [...groups]
        .sort((a, b) => a - b)
        .map((group) => showGroup(batches[batch]!, { batch, group }, challenges));
    }),
    parts: positions.map(({ owner, batch, row }) =>
      showPart(batches[batch]!, { batch, row, part: owner.part }, userId),
    ),
    padding: '',
  };
}

/** A group as the file of a user in it shows it. */
export function showGroup(
  made: Batch,
  { batch, group }: { readonly batch: number; readonly group: number },
  { rho }: Pick<Challenges, 'rho'>,
): InclusionFile['groups'][number] {
  const first = group * made.layout.groupRows;
  const points = made.points.slice(first, first + made.layout.groupRows);
  return {
    batch,
    group,
    maskPoint: encodeBase64url(made.maskPoints[group]!),
    blindOpening: openGroupBlinds(made, group, rho).toString(),
    entries: points.map((point, position) => ({
      point: encodeBase64url(point),
      id: encodeBase64url(made.ids[first + position]!),
    })),
  };
}

/** A part as the file of a user shows it. */
export function showPart(
  made: Batch,
  { batch, row, part }: { readonly batch: number; readonly row: number; readonly part: number },
  userId: string,
): InclusionFile['parts'][number] {
  const { slots, shown } = made.rows[row]!;
  return {
    part,
    batch,
    row,
    slots: (shown ?? slots).map((slot) => ({
      amount: slot.amountUnits.toString(),
      index: slot.assetIndex,
      ...('side' in slot ? { side: slot.side } : {}),
    })),
    nonce: nonceOf({ userId, part }).toString(),
    blind: made.rowBlinds[row]!.toString(),
  };
}

/** The files of a bundle, as bytes. */
export function toSource(
  published: Pick<Published, 'manifest' | 'signature' | 'commitments' | 'weights' | 'proofs'>,
): BundleSource {
  const { manifest, signature, commitments, weights, proofs } = published;
  return {
    manifest: encodeJsonLine(manifest),
    signature: encodeJsonLine(signature),
    commitments: toPieces(commitments.map(encodeJsonLine)),
    ...(weights === undefined ? {} : { weights: encodeJsonLine(weights) }),
    proofs: toPieces(proofs.map(encodeJsonLine)),
  };
}

/** Pieces of a file, as a disk gives them. */
export function toPieces(pieces: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  return {
    async *[Symbol.asyncIterator]() {
      await Promise.resolve();
      yield* pieces;
    },
  };
}
