import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';

import {
  areBytesEqual,
  concatBytes,
  decodeBase64,
  SolventError,
  utf8ToBytes,
} from '../../../protocol/index.js';
import { parsePsbt } from './psbt.js';
import { hash160, OP_RETURN, readScript } from './script.js';
import { hashTagged, SigningHashes } from './sighash.js';
import { checkSpend, type SpendResult, type VerifyEcdsa } from './spend.js';
import {
  BitcoinReader,
  encodeCount,
  formatHash,
  hashTransaction,
  hashTwice,
  parseTransaction,
  takeWitness,
  type BitcoinOutput,
  type BitcoinTransaction,
} from './transaction.js';

/** An output by the transaction that made it, as nodes print its id. */
export type Outpoint = { readonly transaction: string; readonly index: number };

/** A signed message of the key or keys behind a script. */
export type SignedMessage = {
  readonly message: string;
  /** What the address of the signer stands for. */
  readonly script: Uint8Array;
  readonly signature: string;
};

/** What is needed to verify one. */
export type MessageContext = {
  readonly verify: VerifyEcdsa;
  /** An output that is shown by the whole transaction that made it; undefined where it is not. */
  readonly findOutput: (outpoint: Outpoint) => BitcoinOutput | undefined;
};

/** What became of a signed message: `inconclusive` where a script is none of those understood here. */
export type MessageResult =
  | { readonly outcome: 'valid'; readonly outpoints: readonly Outpoint[] }
  | { readonly outcome: 'invalid' | 'inconclusive' };

const BIP_322_TAG = 'BIP0322-signed-message';
const BIP_137_MAGIC = 'Bitcoin Signed Message:\n';
const BIP_127_MAGIC = 'Proof-of-Reserves: ';
const EMPTY = new Uint8Array();
const NO_TRANSACTION = new Uint8Array(32);
const ORDER = secp256k1.Point.Fn.ORDER;

/**
 * Verifies a signed message of BIP-322 2.0.0: `smp` and a witness, `ful` and a transaction, or `pof` and a finalized PSBT
 * whose other inputs are outputs that the same signer controls. One without its prefix is invalid.
 */
export function checkBip322(signed: SignedMessage, context: MessageContext): MessageResult {
  const bytes = decodeBase64(signed.signature.slice(3), 'optional');
  if (bytes === undefined || bytes.length === 0) return { outcome: 'invalid' };
  const spent: BitcoinOutput = { amountSatoshi: 0n, script: signed.script };
  const toSpend = composeToSpend(signed.message, signed.script);
  const id = hashTransaction(toSpend);
  const toSign = whereFormed(() => {
    const prefix = signed.signature.slice(0, 3);
    if (prefix === 'smp') return composeToSign(id, bytes, signed.script);
    if (prefix === 'ful') return parseTransaction(bytes);
    return prefix === 'pof' ? parsePsbt(bytes).transaction : undefined;
  });
  if (toSign === undefined || !isToSign(toSign, id)) return { outcome: 'invalid' };
  if (signed.signature.startsWith('ful') && toSign.inputs.length !== 1) return { outcome: 'invalid' };
  if (toSign.version !== 0 && toSign.version !== 2) return { outcome: 'inconclusive' };
  return checkInputs(toSign, spent, context);
}

/** Verifies a signed message of BIP-137 for a p2pkh address, the only one that it is taken for. */
export function checkBip137({ message, script, signature }: SignedMessage): MessageResult {
  const bytes = decodeBase64(signature);
  const known = readScript(script);
  if (known?.kind !== 'p2pkh' || bytes?.length !== 65) return { outcome: 'invalid' };
  const header = bytes[0]! - 27;
  const s = bytes.subarray(33).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  // Headers from 35 are of other addresses.
  if (header < 0 || header > 7 || s > ORDER / 2n) return { outcome: 'invalid' };
  const text = utf8ToBytes(message);
  const magic = utf8ToBytes(BIP_137_MAGIC);
  const digest = hashTwice(concatBytes(encodeCount(magic.length), magic, encodeCount(text.length), text));
  try {
    const parsed = secp256k1.Signature.fromBytes(bytes.subarray(1)).addRecoveryBit(header & 3);
    const publicKey = parsed.recoverPublicKey(digest).toBytes(header >= 4);
    return areBytesEqual(hash160(publicKey), known.hash)
      ? { outcome: 'valid', outpoints: [] }
      : { outcome: 'invalid' };
  } catch {
    return { outcome: 'invalid' };
  }
}

/** Verifies a proof of reserves of BIP-127: a transaction in hexadecimal whose first input is the hash of the message. */
export function checkBip127(message: string, bytes: Uint8Array, context: MessageContext): MessageResult {
  const transaction = whereFormed(() => parseTransaction(bytes));
  const [commitment, ...others] = transaction?.inputs ?? [];
  if (transaction === undefined || commitment === undefined || others.length === 0)
    return { outcome: 'invalid' };
  const hash = sha256(utf8ToBytes(`${BIP_127_MAGIC}${message}`));
  // The hash stands there as ids are printed; some signers write it as ids are hashed.
  const isCommitment = [hash, new Uint8Array(hash).reverse()].some((each) =>
    areBytesEqual(each, commitment.transaction),
  );
  if (!isCommitment || commitment.index !== 0 || transaction.outputs.length !== 1)
    return { outcome: 'invalid' };
  const spent = [undefined, ...others.map((input) => context.findOutput(outpointOf(input)))];
  const total = spent.reduce((sum, output) => sum + (output?.amountSatoshi ?? 0n), 0n);
  if (transaction.outputs[0]!.amountSatoshi !== total) return { outcome: 'invalid' };
  const results = checkAll(transaction, spent, { from: 1, verify: context.verify });
  return conclude(results, others.map(outpointOf));
}

/** The transaction that a message of BIP-322 pretends to have been paid by. */
export function composeToSpend(message: string, script: Uint8Array): BitcoinTransaction {
  const hash = hashTagged(BIP_322_TAG, utf8ToBytes(message));
  return {
    version: 0,
    lockTime: 0,
    inputs: [
      {
        transaction: NO_TRANSACTION,
        index: 0xffff_ffff,
        script: Uint8Array.of(0, 32, ...hash),
        sequence: 0,
        witness: [],
      },
    ],
    outputs: [{ amountSatoshi: 0n, script }],
  };
}

function composeToSign(id: Uint8Array, bytes: Uint8Array, script: Uint8Array): BitcoinTransaction {
  const reader = new BitcoinReader(bytes);
  const witness = takeWitness(reader);
  reader.expectEnd();
  return {
    version: 0,
    lockTime: 0,
    inputs: [{ transaction: id, index: 0, script: deriveRedeem(script, witness), sequence: 0, witness }],
    outputs: [{ amountSatoshi: 0n, script: Uint8Array.of(OP_RETURN) }],
  };
}

/** What a p2sh input has in its script where only its witness is given: the segwit program that the witness satisfies. */
function deriveRedeem(script: Uint8Array, witness: readonly Uint8Array[]): Uint8Array {
  const last = witness.at(-1);
  if (readScript(script)?.kind !== 'p2sh' || last === undefined) return EMPTY;
  const program = witness.length === 2 ? [0, 20, ...hash160(last)] : [0, 32, ...sha256(last)];
  return Uint8Array.of(program.length, ...program);
}

function isToSign({ inputs, outputs }: BitcoinTransaction, id: Uint8Array): boolean {
  const [first, ...others] = inputs;
  const isReturn = outputs[0]?.script.length === 1 && outputs[0].script[0] === OP_RETURN;
  if (first === undefined || !areBytesEqual(first.transaction, id) || first.index !== 0) return false;
  const names = new Set(others.map((input) => `${formatHash(input.transaction)}:${input.index}`));
  return outputs.length === 1 && isReturn && outputs[0]!.amountSatoshi === 0n && names.size === others.length;
}

function checkInputs(
  toSign: BitcoinTransaction,
  spent: BitcoinOutput,
  context: MessageContext,
): MessageResult {
  const outpoints = toSign.inputs.slice(1).map(outpointOf);
  const all = [spent, ...outpoints.map(context.findOutput)];
  // What a signer says of a value counts for nothing: each output is shown by the transaction that made it.
  if (all.some((output) => output === undefined)) return { outcome: 'invalid' };
  return conclude(checkAll(toSign, all, { from: 0, verify: context.verify }), outpoints);
}

function checkAll(
  transaction: BitcoinTransaction,
  spent: readonly (BitcoinOutput | undefined)[],
  { from, verify }: { readonly from: number; readonly verify: VerifyEcdsa },
): SpendResult[] {
  const hashes = new SigningHashes(transaction);
  return transaction.inputs
    .map((_, index) => index)
    .slice(from)
    .map((index) => checkSpend({ transaction, index, hashes, spent }, verify));
}

function conclude(results: readonly SpendResult[], outpoints: readonly Outpoint[]): MessageResult {
  if (results.includes('not-satisfied')) return { outcome: 'invalid' };
  return results.includes('unknown') ? { outcome: 'inconclusive' } : { outcome: 'valid', outpoints };
}

function outpointOf({
  transaction,
  index,
}: {
  readonly transaction: Uint8Array;
  readonly index: number;
}): Outpoint {
  return { transaction: formatHash(transaction), index };
}

function whereFormed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SolventError && error.code === 'transaction-malformed') return undefined;
    throw error;
  }
}
