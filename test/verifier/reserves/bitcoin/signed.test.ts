import { RawTx } from '@scure/btc-signer';
import { describe, expect, it } from 'vitest';

import { hexToBytes } from '../../../../src/protocol/index.js';
import { parseTransaction } from '../../../../src/verifier/reserves/making.js';
import {
  checkBip127,
  checkBip137,
  checkBip322,
  type MessageContext,
} from '../../../../src/verifier/reserves/bitcoin/message.js';
import { verifyWithNoble } from '../../../../src/verifier/reserves/bitcoin/spend.js';
import { idOf } from '../../../../scripts/reserves/bitcoin-miner.js';
import {
  fund,
  makeWallet,
  outputOf,
  signBip127,
  signBip137,
  signBip322,
  type Coin,
} from '../../../../scripts/reserves/bitcoin-wallets.js';

const KINDS = ['p2pkh', 'p2sh-p2wpkh', 'p2wpkh', 'p2wsh', 'p2sh', 'p2sh-p2wsh', 'p2tr'] as const;
const MESSAGE = 'a line\nand another, ünïcode';

const wallets = KINDS.map((kind) => makeWallet(kind, kind));
const funding = fund(
  wallets.map(({ script }, index) => ({ script, amount: 1_000n + BigInt(index) })),
  7,
);
const coins: Coin[] = wallets.map((wallet, index) => ({ wallet, funding, index }));

const context = (...shown: readonly Uint8Array[]): MessageContext => ({
  verify: verifyWithNoble,
  findOutput: ({ transaction, index }) =>
    shown
      .map((bytes) => [idOf(bytes), parseTransaction(bytes).outputs[index]] as const)
      .find(([id]) => id === transaction)?.[1],
});

describe('signed messages of BIP-322, signed by another library', () => {
  it.each(KINDS)('of %s are valid for their message alone', (kind) => {
    const wallet = makeWallet(kind, kind);
    const isSegwit = !['p2pkh', 'p2sh'].includes(kind);
    for (const form of isSegwit ? (['smp', 'ful'] as const) : (['ful'] as const)) {
      const signature = signBip322(form, MESSAGE, { wallet });
      const check = (message: string, script = wallet.script) =>
        checkBip322({ message, script, signature }, context()).outcome;
      expect(check(MESSAGE)).toBe('valid');
      expect(check(`${MESSAGE} `)).toBe('invalid');
      expect(check(MESSAGE, makeWallet(kind, 'another').script)).toBe('invalid');
    }
  });

  it('show further outputs that are shown whole, and none that are not', () => {
    const [first, ...others] = coins;
    const signature = signBip322('pof', MESSAGE, { wallet: first!.wallet, coins: others });
    const signed = { message: MESSAGE, script: first!.wallet.script, signature };
    expect(checkBip322(signed, context(funding))).toEqual({
      outcome: 'valid',
      outpoints: others.map(({ index }) => ({ transaction: idOf(funding), index })),
    });
    expect(checkBip322(signed, context()).outcome).toBe('invalid');
  });

  it('are invalid where a signature is not over all outputs', () => {
    const wallet = makeWallet('p2wpkh', 'p2wpkh');
    const signature = signBip322('ful', MESSAGE, { wallet });
    const raw = RawTx.decode(Buffer.from(signature.slice(3), 'base64'));
    const marked = {
      ...raw,
      witnesses: [[Uint8Array.of(...raw.witnesses![0]![0]!.slice(0, -1), 0x02), raw.witnesses![0]![1]!]],
    };
    const changed = `ful${Buffer.from(RawTx.encode(marked)).toString('base64')}`;
    expect(
      checkBip322({ message: MESSAGE, script: wallet.script, signature: changed }, context()).outcome,
    ).toBe('invalid');
  });
});

describe('two of three keys', () => {
  const wallet = makeWallet('p2wsh', 'p2wsh');
  const raw = RawTx.decode(Buffer.from(signBip322('ful', MESSAGE, { wallet }).slice(3), 'base64'));
  const [none, first, second, code] = raw.witnesses![0] as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const check = (...witness: readonly Uint8Array[]) => {
    const text = Buffer.from(RawTx.encode({ ...raw, witnesses: [[...witness]] })).toString('base64');
    return checkBip322({ message: MESSAGE, script: wallet.script, signature: `ful${text}` }, context())
      .outcome;
  };

  it.each<[string, readonly Uint8Array[]]>([
    ['one signature twice', [none, first, first, code]],
    ['the other one twice', [none, second, second, code]],
    ['signatures out of the order of their keys', [none, second, first, code]],
    ['one signature', [none, first, code]],
    ['one signature more', [none, first, second, second, code]],
    ['an empty signature', [none, first, none, code]],
    ['something where nothing is read', [Uint8Array.of(1), first, second, code]],
    ['no code', [none, first, second]],
  ])('have not signed with %s', (_, witness) => {
    expect(check(none, first, second, code)).toBe('valid');
    expect(check(...witness)).toBe('invalid');
  });
});

describe('signed messages of BIP-137', () => {
  it('are valid for the p2pkh address of their key alone', () => {
    const [wallet, other] = [makeWallet('p2pkh', 'a'), makeWallet('p2pkh', 'b')];
    const signature = signBip137(MESSAGE, wallet);
    const check = (script: Uint8Array, text = signature, message = MESSAGE) =>
      checkBip137({ message, script, signature: text }).outcome;
    expect(check(wallet.script)).toBe('valid');
    expect(check(other.script)).toBe('invalid');
    expect(check(wallet.script, signature, 'another')).toBe('invalid');
    expect(check(makeWallet('p2wpkh', 'a').script)).toBe('invalid');
    const bytes = Buffer.from(signature, 'base64');
    bytes[0] = bytes[0]! + 8;
    expect(check(wallet.script, bytes.toString('base64'))).toBe('invalid');
  });
});

describe('proofs of reserves of BIP-127', () => {
  const shown = coins.slice(0, -1);
  const proof = hexToBytes(signBip127(MESSAGE, shown));

  it('show the outputs that they spend, for their message alone', () => {
    expect(checkBip127(MESSAGE, proof, context(funding))).toEqual({
      outcome: 'valid',
      outpoints: shown.map(({ index }) => ({ transaction: idOf(funding), index })),
    });
    expect(checkBip127('another', proof, context(funding)).outcome).toBe('invalid');
  });

  it('are invalid where an output is not shown or the sum is another', () => {
    expect(checkBip127(MESSAGE, proof, context()).outcome).toBe('invalid');
    const raw = RawTx.decode(proof);
    const changed = { ...raw, outputs: [{ ...raw.outputs[0]!, amount: outputOf(proof, 0).amount + 1n }] };
    expect(checkBip127(MESSAGE, RawTx.encode(changed), context(funding)).outcome).toBe('invalid');
  });
});
