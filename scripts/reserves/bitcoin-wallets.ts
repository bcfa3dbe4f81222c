import { secp256k1, schnorr } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { p2ms, p2pkh, p2sh, p2tr, p2wpkh, p2wsh, RawTx, RawWitness, Transaction } from '@scure/btc-signer';

import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../src/protocol/index.js';
import { hashTagged } from '../../src/verifier/reserves/bitcoin/sighash.js';
import { hashTwice } from '../../src/verifier/reserves/bitcoin/transaction.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { idOf } from './bitcoin-miner.js';

/** Addresses of regtest, which bech32 prefixes tell from those of the test networks. */
const REGTEST = { bech32: 'bcrt', pubKeyHash: 0x6f, scriptHash: 0xc4, wif: 0xef };

/** A wallet of PUBLIC TEST KEYS, which everyone can make from their names: what it is paid to, and how its keys sign. */
export type BitcoinWallet = {
  readonly address: string;
  readonly script: Uint8Array;
  readonly secrets: readonly Uint8Array[];
  readonly redeem?: {
    readonly redeemScript?: Uint8Array;
    readonly witnessScript?: Uint8Array;
    readonly tapInternalKey?: Uint8Array;
  };
};

/** An output of a transaction that is given whole. */
export type Coin = {
  readonly wallet: BitcoinWallet;
  readonly funding: Uint8Array;
  readonly index: number;
  /** What its signer says that it is worth, where that is a lie. */
  readonly amount?: bigint;
};

type Kind = 'p2pkh' | 'p2sh-p2wpkh' | 'p2wpkh' | 'p2wsh' | 'p2sh' | 'p2sh-p2wsh' | 'p2tr';

const secretOf = (name: string) => keccak_256(utf8ToBytes(`solvent test coin ${name}`));

/** A wallet of a kind; those of several keys ask for two of three. */
export function makeWallet(kind: Kind, name: string): BitcoinWallet {
  const secret = secretOf(name);
  const key = secp256k1.getPublicKey(secret);
  const secrets = [1, 2, 3].map((index) => secretOf(`${name} ${index}`));
  const multisig = p2ms(
    2,
    secrets.map((each) => secp256k1.getPublicKey(each)),
  );
  const of = (
    payment: {
      script: Uint8Array;
      address?: string;
      redeemScript?: Uint8Array;
      witnessScript?: Uint8Array;
      tapInternalKey?: Uint8Array;
    },
    keys: Uint8Array[],
  ) => ({
    address: payment.address!,
    script: payment.script,
    secrets: keys,
    redeem: {
      ...(payment.redeemScript === undefined ? {} : { redeemScript: payment.redeemScript }),
      ...(payment.witnessScript === undefined ? {} : { witnessScript: payment.witnessScript }),
      ...(payment.tapInternalKey === undefined ? {} : { tapInternalKey: payment.tapInternalKey }),
    },
  });
  switch (kind) {
    case 'p2pkh':
      return of(p2pkh(key, REGTEST), [secret]);
    case 'p2wpkh':
      return of(p2wpkh(key, REGTEST), [secret]);
    case 'p2sh-p2wpkh':
      return of(p2sh(p2wpkh(key, REGTEST), REGTEST), [secret]);
    case 'p2wsh':
      return of(p2wsh(multisig, REGTEST), secrets.slice(0, 2));
    case 'p2sh':
      return of(p2sh(multisig, REGTEST), secrets.slice(0, 2));
    case 'p2sh-p2wsh':
      return of(p2sh(p2wsh(multisig, REGTEST), REGTEST), secrets.slice(0, 2));
    case 'p2tr':
      return of(p2tr(schnorr.getPublicKey(secret), undefined, REGTEST), [secret]);
  }
}

type Payment = { readonly script: Uint8Array; readonly amount: bigint };

/** A transaction that pays out of nowhere: its own inputs are not looked at by those who spend it. */
export function fund(payments: readonly Payment[], salt: number): Uint8Array {
  const raw = {
    version: 2,
    segwitFlag: false,
    inputs: [
      {
        txid: new Uint8Array(32).fill(salt),
        index: salt,
        finalScriptSig: new Uint8Array(),
        sequence: 0xffff_ffff,
      },
    ],
    outputs: payments.map(({ script, amount }) => ({ script, amount })),
    witnesses: [],
    lockTime: 0,
  };
  return RawTx.encode(raw);
}

/** An output of a whole transaction. */
export const outputOf = (funding: Uint8Array, index: number): Payment =>
  RawTx.decode(funding).outputs[index] as Payment;

type SigningOptions = {
  readonly version?: number;
  readonly sequence?: number;
  /** Signs one input under another mark than that of all. */
  readonly sighash?: number;
};

/** A transaction that spends coins, signed and whole, by another library than ours. */
export function spend(
  coins: readonly Coin[],
  payments: readonly Payment[],
  options: SigningOptions = {},
): Transaction {
  const { version = 2, sequence = 0xffff_ffff, sighash } = options;
  const transaction = new Transaction({
    version,
    allowUnknownVersion: true,
    allowUnknownOutputs: true,
    allowUnknownInputs: true,
    disableScriptCheck: true,
    allowLegacyWitnessUtxo: true,
  });
  // Outputs before inputs: this library signs only what has them.
  for (const payment of payments) transaction.addOutput(payment);
  for (const { wallet, funding, index, amount } of coins) {
    const { script } = outputOf(funding, index);
    const witnessUtxo = { script, amount: amount ?? outputOf(funding, index).amount };
    transaction.addInput({
      txid: hexToBytes(idOf(funding)),
      index,
      sequence,
      ...(amount === undefined ? { nonWitnessUtxo: funding } : {}),
      witnessUtxo,
      ...(sighash === undefined ? {} : { sighashType: sighash }),
      ...wallet.redeem,
    });
  }
  coins.forEach(({ wallet }, at) => {
    for (const secret of wallet.secrets) {
      transaction.signIdx(secret, at, sighash === undefined ? undefined : [sighash]);
    }
  });
  transaction.finalize();
  return transaction;
}

/** What BIP-322 pretends to be spent, as another library writes it. */
export function toSpend(message: string, script: Uint8Array): Uint8Array {
  const hash = hashTagged('BIP0322-signed-message', utf8ToBytes(message));
  return RawTx.encode({
    version: 0,
    segwitFlag: false,
    inputs: [
      {
        txid: new Uint8Array(32),
        index: 0xffff_ffff,
        finalScriptSig: concatBytes(Uint8Array.of(0, 32), hash),
        sequence: 0,
      },
    ],
    outputs: [{ amount: 0n, script }],
    witnesses: [],
    lockTime: 0,
  });
}

/** Signs a message by BIP-322 2.0.0. @param coins what a proof of funds shows besides. */
export function signBip322(
  form: 'smp' | 'ful' | 'pof',
  message: string,
  { wallet, coins = [] }: { readonly wallet: BitcoinWallet; readonly coins?: readonly Coin[] },
): string {
  const funding = toSpend(message, wallet.script);
  const signed = spend(
    [{ wallet, funding, index: 0 }, ...coins],
    [{ script: Uint8Array.of(0x6a), amount: 0n }],
    {
      version: 0,
      sequence: 0,
    },
  );
  const bytes =
    form === 'pof'
      ? signed.toPSBT()
      : form === 'ful'
        ? signed.extract()
        : RawWitness.encode(RawTx.decode(signed.extract()).witnesses![0]!);
  return form + Buffer.from(bytes).toString('base64');
}

/** Signs a message by BIP-137 for an address of a compressed key. */
export function signBip137(message: string, { secrets }: BitcoinWallet): string {
  const text = utf8ToBytes(message);
  const magic = utf8ToBytes('\x18Bitcoin Signed Message:\n');
  const length = text.length < 0xfd ? [text.length] : [0xfd, text.length & 0xff, text.length >> 8];
  const digest = hashTwice(concatBytes(magic, Uint8Array.of(...length), text));
  const signature = secp256k1.sign(digest, secrets[0]!, { prehash: false, format: 'recovered' });
  return Buffer.from(concatBytes(Uint8Array.of(31 + signature[0]!), signature.subarray(1))).toString(
    'base64',
  );
}

/** A proof of reserves of BIP-127: the hash of the message as first input, and one output of all that is shown. */
export function signBip127(message: string, coins: readonly Coin[]): string {
  const hash = sha256(utf8ToBytes(`Proof-of-Reserves: ${message}`));
  const total = coins.reduce((sum, { funding, index }) => sum + outputOf(funding, index).amount, 0n);
  const transaction = new Transaction({
    allowUnknownInputs: true,
    allowUnknownOutputs: true,
    disableScriptCheck: true,
  });
  transaction.addOutput({ script: Uint8Array.of(0x6a), amount: total });
  transaction.addInput({ txid: hash, index: 0, witnessUtxo: { amount: 0n, script: Uint8Array.of(0x51) } });
  for (const { wallet, funding, index } of coins) {
    const witnessUtxo = outputOf(funding, index);
    transaction.addInput({
      txid: hexToBytes(idOf(funding)),
      index,
      nonWitnessUtxo: funding,
      witnessUtxo,
      ...wallet.redeem,
    });
  }
  coins.forEach(({ wallet }, at) => {
    for (const secret of wallet.secrets) transaction.signIdx(secret, at + 1);
    transaction.finalizeIdx(at + 1);
  });
  // Last, as this library adds no input behind a final one.
  transaction.updateInput(0, { finalScriptSig: Uint8Array.of(0x51) }, true);
  return bytesToHex(transaction.extract());
}
