import { keccak_256 } from '@noble/hashes/sha3.js';
import { describe, expect, it } from 'vitest';

import { hexToBytes, utf8ToBytes } from '../../../../src/protocol/index.js';
import {
  encodeTransactions,
  TransactionFile,
  type PlacedTransaction,
} from '../../../../src/protocol/reserves/index.js';
import { ShownTransactions, Spends } from '../../../../src/verifier/reserves/bitcoin/shown.js';
import {
  encodeTransaction,
  reverseHash,
  type BitcoinTransaction,
} from '../../../../src/verifier/reserves/bitcoin/transaction.js';
import { idOf, sortPlaced } from '../../../../scripts/reserves/bitcoin-miner.js';

const hashOf = (text: string) => keccak_256(utf8ToBytes(text));

const transactionOf = (number: number, outputCount: number, witness: readonly Uint8Array[] = []) =>
  ({
    ...{ version: 2, lockTime: number },
    inputs: [
      { transaction: hashOf('an input'), index: number, script: new Uint8Array(), sequence: 0, witness },
    ],
    outputs: Array.from({ length: outputCount }, (_, index) => ({
      amountSatoshi: BigInt(index),
      script: new Uint8Array(22),
    })),
  }) satisfies BitcoinTransaction;

/** More than are kept once they are read, some with witnesses, and two that are kept for their size. */
function makePlaced(): PlacedTransaction[] {
  const own = Array.from({ length: 200 }, (_, number) =>
    transactionOf(number, number % 90 === 7 ? 1100 : 1 + (number % 5), number % 3 === 0 ? [hashOf('w')] : []),
  );
  return sortPlaced(
    own.map((transaction, at) => ({
      bytes: encodeTransaction(transaction),
      block:
        at % 4 === 0 ? null : { number: 100 + (at % 7), position: at, branch: [hashOf('b'), hashOf('c')] },
    })),
  );
}

describe('transactions that are shown', () => {
  it.each(['an array', 'a file'])('are found and read again as they stand in %s', (kind) => {
    const placed = makePlaced();
    const list = kind === 'a file' ? new TransactionFile(encodeTransactions(placed)) : placed;
    const shown = new ShownTransactions(list);
    expect(shown.length).toBe(placed.length);
    // Forwards and backwards, so that what was kept in between is asked for again.
    for (const index of [...placed.keys(), ...[...placed.keys()].reverse()]) {
      const { bytes, block } = placed[index]!;
      const id = idOf(bytes);
      expect(shown.find(hexToBytes(id))).toBe(index);
      expect([shown.idOf(index), shown.numberOf(index), shown.depthOf(index)]).toEqual([
        id,
        block?.number,
        block?.branch.length ?? 0,
      ]);
      expect(shown.hashOf(index)).toEqual(reverseHash(hexToBytes(id)));
      const { transaction } = shown.parse(index);
      expect(Buffer.from(encodeTransaction(transaction)).equals(bytes)).toBe(true);
      expect(shown.hasWitness(index)).toBe(transaction.inputs[0]!.witness.length > 0);
      expect(shown.countInputs(index)).toBe(1);
    }
    expect(shown.find(hashOf('none'))).toBe(undefined);
    expect(shown.find(new Uint8Array(32))).toBe(undefined);
    expect(shown.find(new Uint8Array(32).fill(0xff))).toBe(undefined);
  });

  it('are marked one by one', () => {
    const shown = new ShownTransactions(makePlaced());
    shown.need(3);
    shown.markSigned(5, 0);
    for (let index = 0; index < shown.length; index++) {
      expect([shown.isNeeded(index), shown.isSigned(index, 0)]).toEqual([index === 3, index === 5]);
    }
  });

  it('are refused twice, and out of the order of their ids', () => {
    const placed = makePlaced();
    for (const list of [[placed[0]!, placed[0]!], placed.toReversed()]) {
      expect(() => new ShownTransactions(list)).toThrow(
        expect.objectContaining({ code: 'transactions-not-sorted' }),
      );
    }
  });

  it('may be none', () => {
    expect(new ShownTransactions([]).find(new Uint8Array(32))).toBe(undefined);
  });
});

describe('spends of outputs', () => {
  it('are found as a map finds them, the last one of an output', () => {
    const count = 3000;
    const spends = new Spends(count);
    const known = new Map<string, { index: number; inputIndex: number }>();
    // Many outputs of few transactions, some spent again, and ids that differ in their last byte alone.
    const outputs = Array.from({ length: count }, (_, at) => ({
      transaction: hashOf(`made ${at % 50}`).with(31, at % 2),
      index: Math.floor(at / 100) * (at % 3 === 0 ? 0x0800_0001 : 1),
    }));
    const nameOf = ({ transaction, index }: (typeof outputs)[number]) =>
      `${Buffer.from(transaction).toString('hex')}:${index}`;
    outputs.forEach((output, at) => {
      const spend = { index: at, inputIndex: at % 11 };
      spends.add(output, spend);
      known.set(nameOf(output), spend);
    });
    expect(known.size).toBeLessThan(count);
    for (const output of outputs) expect(spends.find(output)).toEqual(known.get(nameOf(output)));
    for (const { transaction } of outputs.slice(0, 100)) {
      expect(spends.find({ transaction, index: 77 })).toBe(undefined);
    }
    expect(spends.find({ transaction: new Uint8Array(32), index: 0 })).toBe(undefined);
    expect(new Spends(0).find({ transaction: new Uint8Array(32), index: 0 })).toBe(undefined);
  });
});
