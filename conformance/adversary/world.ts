import { ed25519 } from '@noble/curves/ed25519.js';

import {
  addTotals,
  buildTree,
  bytesToHex,
  circuitName,
  commitAccount,
  commitTotals,
  computeDigest,
  computeNetValue,
  computeNullDigest,
  deriveContext,
  deriveIdHash,
  derivePriceTable,
  deriveTag,
  encodeJsonLine,
  fingerprintKey,
  formatManifestHash,
  hashLabelled,
  hashLeaf,
  hashManifest,
  hashPrices,
  hashStatement,
  INCLUSION_FORMAT,
  listPublicSignals,
  int248,
  MANIFEST_FORMAT,
  netBitsFor,
  packLeaf,
  padPrices,
  parseFieldElement,
  poseidon,
  rootOf,
  siblingsOf,
  SIGNATURE_FORMAT,
  STATEMENT_FORMAT,
  signedMessage,
  TREE_ARITY,
  TRUST_FORMAT,
  treeDepthFor,
  utf8ToBytes,
  type AccountStatement,
  type AggregateProof,
  type BatchParameters,
  type BatchProof,
  type CircuitParameters,
  type FieldElement,
  type Holding,
  type InclusionFile,
  type KeyProvenance,
  type Manifest,
  type ManifestSignature,
  type Proof,
  type StatementLine,
  type Totals,
  type Trust,
} from '../../src/protocol/index.js';
import type { BundleSource } from '../../src/verifier/index.js';
import { simulateKey, startSimulation, type SimulatedKey } from './simulated-key.js';

await startSimulation();

/** A user of the small exchange that the tests publish. */
export type User = {
  readonly userId: string;
  readonly circuit: string;
  readonly holdings: readonly Holding[];
  /** The lines of their itemised statement, for those who have one. */
  readonly lines?: readonly StatementLine[];
};

/** A batch or an aggregate with everything that its maker knows. */
export type Node = {
  readonly circuit: string;
  readonly digest: FieldElement;
  readonly root: FieldElement;
  readonly totals: Totals;
  readonly commitment: FieldElement;
  readonly blind: FieldElement;
  /** For an aggregate: 16 digests. */
  readonly children: readonly FieldElement[];
  /** For a batch: its users by row, and the tree over them. */
  readonly rows: readonly (User | undefined)[];
  readonly levels: readonly (readonly FieldElement[])[];
};

/** A bundle as values, to be changed and published. */
export type Published = {
  manifest: Manifest;
  signature: ManifestSignature;
  batches: BatchProof[];
  aggregates: AggregateProof[];
};

/** A field element that a label gives, always the same. */
export function pick(label: string): FieldElement {
  return int248(hashLabelled('solvent/test/v1', utf8ToBytes(label)));
}

export const ASSETS = 4;
const batch = (kind: 'spot' | 'margin', slots: number, users: number): BatchParameters => ({
  kind,
  assets: ASSETS,
  indexBits: 2,
  users,
  slots,
  netBits: kind === 'margin' ? netBitsFor(slots) : 0,
  depth: treeDepthFor(users),
  arity: TREE_ARITY,
});

/** Tiny circuits: two spot layouts, one of them two levels deep, and one with debts; aggregates of three. */
export const PARAMETERS: readonly CircuitParameters[] = [
  batch('spot', 2, 3),
  batch('spot', 3, 18),
  batch('margin', 2, 3),
  { kind: 'aggregate', assets: ASSETS, children: 3, arity: TREE_ARITY },
];

const SIGNALS = { spot: 1, margin: 2, aggregate: 2 } as const;

/** What one platform has: keys of its circuits, a signing key, and the trust file that pins both. */
export type Platform = {
  readonly keys: ReadonlyMap<string, SimulatedKey>;
  readonly signingSecret: Uint8Array;
  readonly trust: Trust;
};

/** A platform whose keys follow from a seed. */
export function makePlatform(seed: string): Platform {
  const signingSecret = hashLabelled('solvent/test/v1', utf8ToBytes(`signing ${seed}`));
  const keys = new Map(
    PARAMETERS.map((parameters) => {
      const name = circuitName(parameters);
      return [name, simulateKey(`${seed} ${name}`, SIGNALS[parameters.kind])];
    }),
  );
  const trust: Trust = {
    format: TRUST_FORMAT,
    profile: 'tiny',
    signingKey: bytesToHex(ed25519.getPublicKey(signingSecret)),
    circuits: PARAMETERS.map((parameters) => {
      const name = circuitName(parameters);
      const tag = deriveTag(parameters);
      return {
        name,
        parameters: parameters,
        tag: tag.toString(),
        fingerprint: fingerprintKey(tag, keys.get(name)!.key),
        provenance: { kind: 'insecure-development' as const },
      };
    }),
  };
  return { keys, signingSecret, trust };
}

type Ceremony = Extract<KeyProvenance, { kind: 'ceremony' }>;

/** How keys of a ceremony came to be. */
export function makeCeremony(changes: Partial<Ceremony>): Ceremony {
  return {
    kind: 'ceremony',
    contributions: 3,
    signers: 3,
    beacon: 'a public value',
    powersOfTau: { source: 'perpetual-powers-of-tau', blake2b: '12'.repeat(64) },
    transcriptHash: '34'.repeat(32),
    ...changes,
  };
}

/** The same platform with keys that are said to be of a ceremony. */
export function withCeremony(platform: Platform, ceremony: Ceremony): Platform {
  const circuits = platform.trust.circuits.map((pin) => ({ ...pin, provenance: ceremony }));
  return { ...platform, trust: { ...platform.trust, circuits } };
}

/** The listed assets: one column of the circuits stays unlisted. */
export const LISTED: Manifest['assets'] = [
  {
    symbol: 'BTC',
    decimals: 8,
    price: '61234.5',
    collateralRatio: '0.95',
    priceSource: 'median of three venues',
    pricedAt: '2026-01-30T23:59:59.5Z',
  },
  {
    symbol: 'USDT',
    decimals: 6,
    price: '1',
    collateralRatio: '1',
    priceSource: 'at par',
    pricedAt: null,
  },
  {
    symbol: 'XYZ',
    decimals: 4,
    price: '0.25',
    collateralRatio: '0',
    priceSource: 'last trade',
    pricedAt: null,
  },
];
export const PLATFORM_NAME = 'Example Exchange';
const TABLE = derivePriceTable(LISTED);
export const PRICES = padPrices(TABLE, ASSETS);

/** The parameters of a batch circuit. */
export function layoutOf(circuit: string): BatchParameters {
  return PARAMETERS.find((parameters) => circuitName(parameters) === circuit) as BatchParameters;
}

function tagOf(circuit: string): FieldElement {
  return deriveTag(PARAMETERS.find((parameters) => circuitName(parameters) === circuit)!);
}

/** The nonce that a user is given. */
export function nonceOf(userId: string): FieldElement {
  return pick(`nonce ${userId}`);
}

/** A statement of these lines. */
export function makeStatement(lines: readonly StatementLine[]): AccountStatement {
  return { format: STATEMENT_FORMAT, lines: [...lines] };
}

/** A line of a statement: an amount of cash, but for what it says. */
export function makeLine(
  changes: Partial<StatementLine> & Pick<StatementLine, 'asset' | 'value'>,
): StatementLine {
  return {
    account: 'main',
    bucket: 'cross',
    kind: 'cash',
    reference: '',
    valuation: { of: 'amount', quantity: changes.value, rounding: 'up' },
    ...changes,
  };
}

/** A user's leaf, as the circuit makes it. */
export function makeLeaf(user: User): FieldElement {
  const layout = layoutOf(user.circuit);
  const account = commitAccount(poseidon, {
    idHash: deriveIdHash(PLATFORM_NAME, user.userId),
    nonce: nonceOf(user.userId),
    statement: user.lines === undefined ? parseFieldElement('0') : hashStatement(makeStatement(user.lines)),
  });
  const netValue = layout.kind === 'margin' ? computeNetValue(PRICES, user.holdings) : 0n;
  return hashLeaf(poseidon, account, packLeaf(layout, user.holdings, netValue));
}

/** A batch whose users stand in the first rows but one; dummies fill the others. */
export function makeBatch(circuit: string, users: readonly User[], label: string): Node {
  const layout = layoutOf(circuit);
  const rows = Array.from({ length: layout.users }, (_, row) => users[row - 1]);
  const empty = packLeaf(layout, [], 0n);
  const leaves = rows.map((user, row) =>
    user === undefined ? hashLeaf(poseidon, pick(`dummy ${label} ${row}`), empty) : makeLeaf(user),
  );
  const sum = (of: (holding: Holding) => bigint) =>
    Array.from({ length: ASSETS }, (_, asset) =>
      users
        .flatMap(({ holdings }) => holdings)
        .filter(({ assetIndex }) => assetIndex === asset)
        .reduce((total, holding) => total + of(holding), 0n),
    );
  const totals = { equity: sum((holding) => holding.equityUnits), debt: sum((holding) => holding.debtUnits) };
  const levels = buildTree(poseidon, leaves, layout.depth);
  return { ...makeNode({ circuit, root: rootOf(levels), totals, label }), rows, levels };
}

export const NULL_DIGEST = computeNullDigest(poseidon, ASSETS);

/** An aggregate of up to 16 children; totals are their sums unless others are given. */
export function makeAggregate(
  children: readonly (Node | FieldElement)[],
  label: string,
  totals?: Totals,
): Node {
  const digests = children.map((child) => (typeof child === 'bigint' ? child : child.digest));
  while (digests.length < TREE_ARITY) digests.push(NULL_DIGEST);
  const parts = children.flatMap((child) => (typeof child === 'bigint' ? [] : [child.totals]));
  const node = makeNode({
    circuit: 'aggregate',
    root: poseidon(digests),
    totals: totals ?? addTotals(parts, ASSETS),
    label,
  });
  return { ...node, children: digests };
}

function makeNode({
  circuit,
  root,
  totals,
  label,
}: {
  circuit: string;
  root: FieldElement;
  totals: Totals;
  label: string;
}): Node {
  const blind = pick(`blind ${label}`);
  const commitment = commitTotals(poseidon, totals, blind);
  const digest = computeDigest(poseidon, { tag: tagOf(circuit), root, totals: commitment });
  return { circuit, digest, root, totals, commitment, blind, children: [], rows: [], levels: [] };
}

/** What a platform publishes about a tree: everything signed, every proof made under its keys. */
export function publish(
  platform: Platform,
  { nodes, top, edit }: { nodes: readonly Node[]; top: Node; edit?: (manifest: Manifest) => void },
): Published {
  const countOf = (name: string) => nodes.filter(({ circuit }) => circuit === name).length;
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    platform: PLATFORM_NAME,
    takenAt: '2026-06-30T00:00:00Z',
    quote: 'USD',
    scope: { included: 'all spot and margin accounts', excluded: ['accounts of the platform itself'] },
    snapshotHash: 'ab'.repeat(32),
    previousManifestHash: 'cd'.repeat(32),
    scale: TABLE.scale,
    assets: structuredClone(LISTED),
    profile: platform.trust.profile,
    circuits: structuredClone(platform.trust.circuits).map((pin) => ({
      ...pin,
      verificationKey: structuredClone(platform.keys.get(pin.name)!.key),
      proofCount: countOf(pin.name),
    })),
    totals: LISTED.map(({ symbol }, index) => ({
      asset: symbol,
      equity: top.totals.equity[index]!.toString(),
      debt: top.totals.debt[index]!.toString(),
    })),
    rounding: [{ asset: 'USDT', equity: '0.5', debt: '0.25' }],
    writeOffs: { accounts: 1, debts: [{ asset: 'USDT', debt: '7' }] },
    reconciliation: {
      compared: { balances: 12, control: 3, positions: null },
      acceptedBreaks: [
        { kind: 'control-differs', asset: 'XYZ', count: 1, difference: '-0.5', magnitude: '0.5' },
      ],
    },
    top: { digest: top.digest.toString(), root: top.root.toString(), blind: top.blind.toString() },
  };
  edit?.(manifest);
  const placeholder = platform.keys.get('aggregate')!.prove([pick('a'), pick('b')], 'placeholder');
  const published: Published = {
    manifest,
    signature: sign(platform, manifest),
    batches: nodes
      .filter(({ circuit }) => circuit !== 'aggregate')
      .map(({ circuit, digest }) => ({ circuit, digest: digest.toString(), proof: placeholder })),
    aggregates: nodes
      .filter(({ circuit }) => circuit === 'aggregate')
      .map(({ digest, children, commitment }) => ({
        digest: digest.toString(),
        children: children.map(String),
        totals: commitment.toString(),
        proof: placeholder,
      })),
  };
  prove(platform, published);
  return published;
}

/** The platform's signature of a manifest. */
export function sign({ signingSecret, trust }: Platform, manifest: Manifest): ManifestSignature {
  const signature = ed25519.sign(signedMessage(hashManifest(manifest)), signingSecret);
  return {
    format: SIGNATURE_FORMAT,
    algorithm: 'ed25519',
    publicKey: trust.signingKey,
    signature: bytesToHex(signature),
  };
}

/** Signs the manifest as it now is, and makes every proof for it: what a lying platform can do to its own bundle. */
export function resign(platform: Platform, published: Published): void {
  published.signature = sign(platform, published.manifest);
  prove(platform, published);
}

function prove(platform: Platform, published: Published): void {
  const { manifest } = published;
  for (const entry of published.batches) {
    entry.proof = proveDigest(platform, manifest, { circuit: entry.circuit, digest: entry.digest });
  }
  for (const entry of published.aggregates) {
    entry.proof = proveDigest(platform, manifest, { circuit: 'aggregate', digest: entry.digest });
  }
}

/** A proof of a digest under a circuit's key, for a manifest; other for each label. */
export function proveDigest(
  { keys }: Platform,
  manifest: Manifest,
  { circuit, digest, label = '' }: { circuit: string; digest: string; label?: string },
): Proof {
  const { kind } = PARAMETERS.find((parameters) => circuitName(parameters) === circuit)!;
  const signals = listPublicSignals(kind, {
    digest: parseFieldElement(digest),
    pricesHash: hashPrices(poseidon, padPrices(derivePriceTable(manifest.assets), ASSETS)),
    context: deriveContext(manifest),
  });
  return keys.get(circuit)!.prove(signals, label);
}

/** The files of a bundle, as bytes. */
export function toSource(published: Published): BundleSource {
  const { manifest, signature, batches, aggregates } = published;
  return {
    manifest: encodeJsonLine(manifest),
    signature: encodeJsonLine(signature),
    batches: toPieces(batches.map(encodeJsonLine)),
    aggregates: toPieces(aggregates.map(encodeJsonLine)),
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

/** The inclusion file of a user: the batch they are in, and the aggregates from there to the top. */
export function makeInclusion(
  platform: Platform,
  published: Published,
  { userId, path }: { userId: string; path: readonly Node[] },
): InclusionFile {
  const [own, ...layers] = path as [Node, ...Node[]];
  const position = own.rows.findIndex((user) => user?.userId === userId);
  const user = own.rows[position]!;
  const proofOf = ({ circuit, digest }: Node) =>
    proveDigest(platform, published.manifest, { circuit, digest: digest.toString() });
  return {
    format: INCLUSION_FORMAT,
    manifestHash: formatManifestHash(published.manifest),
    userId,
    nonce: nonceOf(userId).toString(),
    statement: user.lines === undefined ? null : makeStatement(user.lines),
    holdings: user.holdings.map(({ assetIndex, equityUnits, debtUnits }) => ({
      asset: LISTED[assetIndex]!.symbol,
      equity: equityUnits.toString(),
      debt: debtUnits.toString(),
    })),
    circuit: own.circuit,
    position,
    siblings: siblingsOf(own.levels, position).map((level) => level.map(String)),
    batch: { digest: own.digest.toString(), totals: own.commitment.toString(), proof: proofOf(own) },
    layers: layers.map((layer, index) => ({
      slot: layer.children.indexOf(path[index]!.digest),
      digest: layer.digest.toString(),
      children: layer.children.map(String),
      totals: layer.commitment.toString(),
      proof: proofOf(layer),
    })),
  };
}

const holding = (assetIndex: number, equityUnits: bigint, debtUnits = 0n): Holding => ({
  assetIndex,
  equityUnits,
  debtUnits,
});

/** The users of the exchange; two of them hold the same. */
export const USERS: readonly User[] = [
  {
    userId: 'ann@example.org',
    circuit: 'spot-2',
    holdings: [holding(0, 150_000_000n), holding(1, 20n)],
    lines: [
      makeLine({ asset: 'BTC', value: '1.75' }),
      makeLine({
        asset: 'BTC',
        value: '-0.25',
        kind: 'futures',
        reference: 'p-17',
        valuation: {
          of: 'position',
          // -61234.5 · (1/48987.6 - 1/61234.5) BTC.
          instrument: {
            kind: 'perpetual',
            name: 'BTC-PERP',
            underlying: 'BTC',
            settlementAsset: 'BTC',
            contractSize: '1',
            style: 'inverse',
          },
          quantity: '-61234.5',
          entryPrice: '48987.6',
          quote: {
            kind: 'mark',
            price: '61234.5',
            asset: 'USDT',
            at: '2026-06-29T23:59:59.5Z',
            source: 'index of three venues',
          },
          conversion: null,
          rounding: 'up',
        },
      }),
      makeLine({ asset: 'USDT', value: '0.00001' }),
      makeLine({ asset: 'USDT', value: '0.00001', kind: 'open-orders' }),
    ],
  },
  { userId: 'bob@example.org', circuit: 'spot-2', holdings: [holding(1, 5_000_000n)] },
  { userId: 'eve@example.org', circuit: 'spot-2', holdings: [holding(1, 5_000_000n)] },
  { userId: 'kim@example.org', circuit: 'spot-2', holdings: [holding(2, (1n << 64n) - 1n)] },
  {
    userId: 'dan@example.org',
    circuit: 'spot-3',
    holdings: [holding(0, 1n), holding(1, 2n), holding(2, 3n)],
  },
  {
    userId: 'lea@example.org',
    circuit: 'margin-2',
    holdings: [holding(0, 100_000_000n), holding(1, 0n, 40_000_000_000n)],
  },
  { userId: 'max@example.org', circuit: 'margin-2', holdings: [holding(1, 9_000_000n, 1_000_000n)] },
];

/** The honest tree: four batches under two aggregates under the top. */
export function growTree() {
  const of = (...ids: string[]) => USERS.filter(({ userId }) => ids.includes(userId.slice(0, 3)));
  const first = makeBatch('spot-2', of('ann', 'bob'), 'first');
  const second = makeBatch('spot-2', of('eve', 'kim'), 'second');
  const third = makeBatch('spot-3', of('dan'), 'third');
  const fourth = makeBatch('margin-2', of('lea', 'max'), 'fourth');
  const left = makeAggregate([first, second, third], 'left');
  const right = makeAggregate([fourth], 'right');
  const top = makeAggregate([left, right], 'top');
  return { first, second, third, fourth, left, right, top };
}
