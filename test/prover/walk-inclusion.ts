import {
  commitAccount,
  computeDigest,
  computeNetValue,
  computeRoot,
  deriveIdHash,
  derivePriceTable,
  hashLeaf,
  hashStatement,
  packLeaf,
  padPrices,
  parseFieldElement,
  poseidon,
  type FieldElement,
  type InclusionFile,
  type Manifest,
} from '../../src/protocol/index.js';

const toElements = (texts: readonly string[]) => texts.map(parseFieldElement);

/**
 * The digests from a user's batch to the top that follow from their file and the manifest's layouts: the proofs are
 * not looked at, and stated digests are not used.
 */
export function walkInclusion(file: InclusionFile, manifest: Manifest): FieldElement[] {
  const circuit = manifest.circuits.find(({ name }) => name === file.circuit)!;
  const { parameters } = circuit;
  if (parameters.kind === 'aggregate') throw new Error('expected a batch circuit');
  const prices = padPrices(derivePriceTable(manifest.assets), parameters.assets);
  const holdings = file.holdings.map(({ asset, equity, debt }) => ({
    assetIndex: manifest.assets.findIndex(({ symbol }) => symbol === asset),
    equityUnits: BigInt(equity),
    debtUnits: BigInt(debt),
  }));
  const account = commitAccount(poseidon, {
    idHash: deriveIdHash(manifest.platform, file.userId),
    nonce: parseFieldElement(file.nonce),
    statement: file.statement === null ? (0n as FieldElement) : hashStatement(file.statement),
  });
  const netValue = parameters.kind === 'margin' ? computeNetValue(prices, holdings) : 0n;
  const leaf = hashLeaf(poseidon, account, packLeaf(parameters, holdings, netValue));
  const root = computeRoot(poseidon, { hash: leaf, position: file.position }, file.siblings.map(toElements));
  const tag = parseFieldElement(circuit.tag);
  const digests = [computeDigest(poseidon, { tag, root, totals: parseFieldElement(file.batch.totals) })];
  const aggregateTag = parseFieldElement(manifest.circuits.at(-1)!.tag);
  for (const { slot, children, totals } of file.layers) {
    const childDigests = toElements(children);
    if (childDigests[slot] !== digests.at(-1)) throw new Error('expected the layer below in its slot');
    digests.push(
      computeDigest(poseidon, {
        tag: aggregateTag,
        root: poseidon(childDigests),
        totals: parseFieldElement(totals),
      }),
    );
  }
  return digests;
}
