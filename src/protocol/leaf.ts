import type { Holding } from './account.js';
import type { BatchParameters } from './circuit.js';
import { SolventError } from './errors.js';
import type { FieldElement } from './field.js';
import { AMOUNT_BITS, TREE_ARITY, WORD_BITS } from './limits.js';
import { sponge, type Poseidon } from './poseidon.js';

export type LeafCode = 'holdings-not-sorted' | 'too-many-holdings' | 'amount-out-of-range' | 'debt-in-spot';

/**
 * The packed words of a leaf: per slot equity (64 bits), debt (64, margin only), index (B), then the net value
 * (VB, margin only), all little-endian, cut into words of 252 bits. Every bit is constrained in the circuit, so
 * packing is injective.
 * @throws SolventError `holdings-not-sorted`, `too-many-holdings`, `amount-out-of-range`, `debt-in-spot`.
 */
export function packLeaf(
  parameters: BatchParameters,
  holdings: readonly Holding[],
  netValue: bigint,
): FieldElement[] {
  assertHoldings(parameters, holdings);
  const fields: { value: bigint; bits: number }[] = [];
  for (let slot = 0; slot < parameters.slots; slot++) {
    const holding = holdings[slot];
    fields.push({ value: holding?.equityUnits ?? 0n, bits: AMOUNT_BITS });
    if (parameters.kind === 'margin') fields.push({ value: holding?.debtUnits ?? 0n, bits: AMOUNT_BITS });
    fields.push({ value: BigInt(holding?.assetIndex ?? 0), bits: parameters.indexBits });
  }
  if (parameters.kind === 'margin') fields.push({ value: netValue, bits: parameters.netBits });
  return cutWords(fields);
}

/** leaf = H_{1+w}(account, words) where w <= 15, else sponge(account; words). */
export function hashLeaf(
  hash: Poseidon,
  account: FieldElement,
  words: readonly FieldElement[],
): FieldElement {
  return words.length < TREE_ARITY ? hash([account, ...words]) : sponge(hash, account, words);
}

/** How many words the leaves of a circuit have. */
export function leafWordCount(parameters: BatchParameters): number {
  const amounts = parameters.kind === 'margin' ? 2 : 1;
  const bits = parameters.slots * (amounts * AMOUNT_BITS + parameters.indexBits) + parameters.netBits;
  return Math.ceil(bits / WORD_BITS);
}

function assertHoldings(parameters: BatchParameters, holdings: readonly Holding[]): void {
  const refuse = (code: LeafCode, message: string) => new SolventError<LeafCode>('format', code, message);
  if (holdings.length > parameters.slots) {
    throw refuse(
      'too-many-holdings',
      `expected at most ${parameters.slots} holdings, got ${holdings.length}`,
    );
  }
  let previous = -1;
  for (const { assetIndex, equityUnits, debtUnits } of holdings) {
    if (!Number.isInteger(assetIndex) || assetIndex <= previous || assetIndex >= parameters.assets) {
      throw refuse('holdings-not-sorted', 'expected distinct asset indexes in rising order, got others');
    }
    previous = assetIndex;
    if (!isAmount(equityUnits) || !isAmount(debtUnits) || equityUnits + debtUnits === 0n) {
      throw refuse('amount-out-of-range', 'expected amounts from 0 to 2^64 - 1, not both 0, got others');
    }
    if (parameters.kind === 'spot' && debtUnits !== 0n) {
      throw refuse('debt-in-spot', 'expected no debt in a spot circuit, got some');
    }
  }
}

function isAmount(value: bigint): boolean {
  return value >= 0n && value < 1n << BigInt(AMOUNT_BITS);
}

function cutWords(fields: readonly { value: bigint; bits: number }[]): FieldElement[] {
  let packed = 0n;
  let width = 0;
  for (const { value, bits } of fields) {
    packed |= value << BigInt(width);
    width += bits;
  }
  const words: FieldElement[] = [];
  for (let start = 0; start < width; start += WORD_BITS) {
    words.push(BigInt.asUintN(WORD_BITS, packed >> BigInt(start)) as FieldElement);
  }
  return words;
}
