import { setTimeout } from 'node:timers/promises';

import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

import { bytesToHex, concatBytes, encodeUint, hexToBytes } from '../protocol/index.js';
import { encodeRlpList, type RpcNode } from '../reserves/index.js';
import { refuseRegistry } from './errors.js';

/** Who signs transactions: a key, or somebody who holds one. */
export type Writer = {
  /** 0x and 40 digits in lower case. */
  readonly address: string;
  /** A signed transaction as the node takes it, `0x…`. */
  readonly sign: (transaction: Transaction) => Promise<string>;
};

/** A transaction of the first kind, which every EVM chain takes (EIP-155). */
export type Transaction = {
  readonly chainId: bigint;
  readonly nonce: bigint;
  readonly gasPrice: bigint;
  readonly gas: bigint;
  /** Null where a contract is made. */
  readonly to: string | null;
  readonly data: string;
};

/** What became of a transaction. */
export type Sent = { readonly hash: string; readonly contract: string | null; readonly gasUsed: number };

const SECRET = /^(?:0x)?([0-9a-fA-F]{64})$/;
const SIGNED = /^0x(?:[0-9a-f]{2})+$/i;
/** Ten minutes of asking for a receipt. */
const MAX_RECEIPT_TRIES = 600;
const RECEIPT_PAUSE_MS = 1000;

/** The writer whose key stands in a text. It is in no error. @throws SolventError `writer-key-missing`. */
export function openKeyWriter(text: string | undefined): Writer {
  const [, digits] = SECRET.exec(text?.trim() ?? '') ?? [];
  const secret = digits === undefined ? undefined : hexToBytes(digits.toLowerCase());
  if (secret === undefined || !secp256k1.utils.isValidSecretKey(secret)) {
    throw refuseRegistry('writer-key-missing', {
      expected: 'the writer’s key of 64 hexadecimal digits',
      found: text === undefined ? 'none' : 'another text',
    });
  }
  const hash = keccak_256(secp256k1.getPublicKey(secret, false).subarray(1));
  return {
    address: `0x${bytesToHex(hash.subarray(12))}`,
    sign: (transaction) => Promise.resolve(signTransaction(transaction, secret)),
  };
}

/** The writer whose key a signer keeps that answers to `eth_signTransaction`. */
export function openSigner(signer: RpcNode, address: string): Writer {
  return {
    address,
    sign: async ({ chainId, nonce, gasPrice, gas, to, data }) => {
      const request = {
        ...{ from: address, ...(to === null ? {} : { to }), value: '0x0', data },
        chainId: toQuantity(chainId),
        nonce: toQuantity(nonce),
        gasPrice: toQuantity(gasPrice),
        gas: toQuantity(gas),
      };
      const answer = await signer.call('eth_signTransaction', [request]);
      // Some signers give the bytes alone, others an object that holds them.
      const raw = typeof answer === 'string' ? answer : (answer as { raw?: unknown } | null)?.raw;
      if (typeof raw === 'string' && SIGNED.test(raw)) return raw;
      throw refuseRegistry('signer-answer-malformed', { expected: 'a signed transaction', found: 'another' });
    },
  };
}

/**
 * Sends a transaction and waits until it is mined.
 * @throws SolventError `transaction-failed`, `transaction-waiting`, and as `RpcNode.call`.
 */
export async function sendTransaction(
  node: RpcNode,
  writer: Writer,
  { to, data }: Pick<Transaction, 'to' | 'data'>,
): Promise<Sent> {
  const { address: from } = writer;
  const target = { from, ...(to === null ? {} : { to }), data };
  const [chainId, nonce, gasPrice, gas] = await Promise.all([
    askNumber(node, 'eth_chainId', []),
    askNumber(node, 'eth_getTransactionCount', [from, 'pending']),
    askNumber(node, 'eth_gasPrice', []),
    askNumber(node, 'eth_estimateGas', [target]),
  ]);
  // The base fee rises by an eighth a block at most, and state that others write may cost a little more.
  const transaction = { chainId, nonce, gasPrice: (gasPrice * 5n) / 4n, gas: (gas * 5n) / 4n, to, data };
  const hash = await node.call('eth_sendRawTransaction', [await writer.sign(transaction)]);
  return awaitReceipt(node, String(hash));
}

/** A number that a node answers with. @throws as `RpcNode.call`; `transaction-failed` where it is none. */
export async function askNumber(node: RpcNode, method: string, params: readonly unknown[]): Promise<bigint> {
  const answer = await node.call(method, params);
  if (typeof answer === 'string' && /^0x[0-9a-fA-F]+$/.test(answer)) return BigInt(answer);
  throw refuseRegistry('transaction-failed', {
    expected: `a number as the answer to ${method}`,
    found: 'none',
  });
}

async function awaitReceipt(node: RpcNode, hash: string): Promise<Sent> {
  for (let tries = 0; tries < MAX_RECEIPT_TRIES; tries++) {
    const receipt = await node.call('eth_getTransactionReceipt', [hash]);
    if (receipt !== null) {
      const { status, contractAddress, gasUsed } = receipt as Record<string, string | null>;
      if (status !== '0x1') {
        throw refuseRegistry('transaction-failed', { expected: `${hash} to succeed`, found: 'a revert' });
      }
      return { hash, contract: contractAddress?.toLowerCase() ?? null, gasUsed: Number(gasUsed) };
    }
    await setTimeout(RECEIPT_PAUSE_MS);
  }
  throw refuseRegistry('transaction-waiting', { expected: `${hash} to be mined`, found: 'it waiting' });
}

/** rlp([nonce, gasPrice, gas, to, value, data, v, r, s]), with v of the chain (EIP-155). */
function signTransaction(transaction: Transaction, secret: Uint8Array): string {
  const { chainId, nonce, gasPrice, gas, to, data } = transaction;
  const target = to === null ? new Uint8Array() : hexToBytes(to.slice(2));
  const fields = [
    ...[nonce, gasPrice, gas].map(toMinimalBytes),
    ...[target, new Uint8Array(), hexToBytes(data.slice(2))],
  ];
  const digest = keccak_256(encodeRlpList([...fields, toMinimalBytes(chainId), ...ZEROS]));
  const signature = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' });
  const v = chainId * 2n + 35n + BigInt(signature[0]!);
  const [r, s] = [signature.subarray(1, 33), signature.subarray(33, 65)].map(stripZeros);
  return `0x${bytesToHex(encodeRlpList([...fields, toMinimalBytes(v), r!, s!]))}`;
}

/** Two integers 0, as RLP writes them: no bytes. */
const ZEROS = [new Uint8Array(), new Uint8Array()];

function toMinimalBytes(value: bigint): Uint8Array {
  return stripZeros(encodeUint(value, 32));
}

function stripZeros(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  return start < 0 ? new Uint8Array() : concatBytes(bytes.subarray(start));
}

function toQuantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}
