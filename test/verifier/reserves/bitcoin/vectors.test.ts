import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Address, NETWORK, OutScript } from '@scure/btc-signer';
import { describe, expect, it } from 'vitest';

import { bytesToHex, hexToBytes } from '../../../../src/protocol/index.js';
import { decodeBase64 } from '../../../../src/protocol/index.js';
import { buildBranches, isInBlock } from '../../../../src/verifier/reserves/bitcoin/headers.js';
import {
  checkBip322,
  composeToSpend,
  type MessageContext,
} from '../../../../src/verifier/reserves/bitcoin/message.js';
import { parsePsbt } from '../../../../src/verifier/reserves/bitcoin/psbt.js';
import { addressOf } from '../../../../src/verifier/reserves/bitcoin/script.js';
import { verifyWithNoble } from '../../../../src/verifier/reserves/bitcoin/spend.js';
import {
  BitcoinReader,
  formatHash,
  hashTransaction,
  hashTwice,
  parseTransaction,
  takeTransaction,
} from '../../../../src/verifier/reserves/bitcoin/transaction.js';
import { BITCOIN_NETWORKS } from '../../../../src/protocol/reserves/index.js';

/** Data of bitcoin/bips (CC0-1.0). */
const VECTORS = process.env.SOLVENT_VECTORS ?? resolve(import.meta.dirname, '../../../../../shared/vectors');
const isThere = existsSync(join(VECTORS, 'bip-0322'));
const MAINNET = BITCOIN_NETWORKS['bip122:000000000019d6689c085ae165831e93']!;

type Signed = {
  readonly message: string;
  readonly address: string;
  readonly type: string;
  readonly bip322_signatures: readonly string[];
};
type Refused = {
  readonly message: string;
  readonly address: string;
  readonly signature: string;
  readonly description: string;
};
type Hashes = {
  readonly message: string;
  readonly address: string;
  readonly message_hash: string;
  readonly to_spend_tx_hash: string;
};

const load = (name: string) =>
  JSON.parse(readFileSync(join(VECTORS, 'bip-0322', name), 'utf8')) as {
    readonly tx_hashes?: readonly Hashes[];
    readonly simple: readonly Signed[];
    readonly full?: readonly Signed[];
    readonly proof_of_funds?: readonly Signed[];
    readonly error: readonly Refused[];
  };
const files = isThere ? ['basic-test-vectors.json', 'generated-test-vectors.json'].map(load) : [];

const scriptOf = (address: string) => OutScript.encode(Address(NETWORK).decode(address));

/** What the signer of a proof of funds says that it spends. */
function claimedBy(signature: string): MessageContext {
  const outputs = new Map(
    signature.startsWith('pof')
      ? [parsePsbt(decodeBase64(signature.slice(3), 'optional')!)].flatMap(
          ({ transaction, funding, claimed }) =>
            transaction.inputs.map(({ transaction: id, index }, at) => [
              `${formatHash(id)}:${index}`,
              funding.get(formatHash(id))?.outputs[index] ?? claimed[at],
            ]),
        )
      : [],
  );
  return {
    verify: verifyWithNoble,
    findOutput: ({ transaction, index }) => outputs.get(`${transaction}:${index}`),
  };
}

const verdict = ({ message, address }: { message: string; address: string }, signature: string) =>
  checkBip322({ message, script: scriptOf(address), signature }, claimedBy(signature)).outcome;

describe.skipIf(!isThere)('vectors of BIP-322 2.0.0', () => {
  it('takes 20 of 23 signed messages, leaves 2 with timelocks open, and refuses 1 without its prefix', () => {
    const found = files
      .flatMap(({ simple, full = [], proof_of_funds: funds = [] }) => [...simple, ...full, ...funds])
      .flatMap((signed) => signed.bip322_signatures.map((signature) => ({ signed, signature })))
      .map(({ signed, signature }) => ({
        type: signed.type,
        verdict: verdict(signed, signature),
        signature,
      }));
    const of = (wanted: string) => found.filter((one) => one.verdict === wanted);
    expect(of('valid')).toHaveLength(20);
    expect(of('inconclusive').map(({ type }) => type)).toEqual(['p2tr-time-lock', 'p2wsh-time-lock']);
    expect(of('invalid').map(({ signature }) => /^(?:smp|ful|pof)/.test(signature))).toEqual([false]);
  });

  it('refuses 36 of 36 that must be refused', () => {
    const errors = files.flatMap(({ error }) => error);
    expect(errors).toHaveLength(36);
    for (const error of errors) expect(verdict(error, error.signature), error.description).toBe('invalid');
  });

  it('refuses a proof of funds whose other outputs are shown by the signer’s word alone', () => {
    const funds = files.flatMap(({ proof_of_funds: found = [] }) => found);
    expect(funds).toHaveLength(3);
    for (const { message, address, bip322_signatures: signatures } of funds) {
      const context = { verify: verifyWithNoble, findOutput: () => undefined };
      const signed = { message, script: scriptOf(address), signature: signatures[0]! };
      expect(checkBip322(signed, context)).toEqual({ outcome: 'invalid' });
    }
  });

  it('hashes messages and what they spend as the standard does, and writes its addresses', () => {
    const hashes = files.flatMap(({ tx_hashes: found = [] }) => found);
    expect(hashes).toHaveLength(3);
    for (const { message, address, message_hash: messageHash, to_spend_tx_hash: id } of hashes) {
      const toSpend = composeToSpend(message, scriptOf(address));
      expect(bytesToHex(toSpend.inputs[0]!.script.subarray(2))).toBe(messageHash);
      expect(formatHash(hashTransaction(toSpend))).toBe(id);
    }
    const addresses = files
      .flatMap(({ simple, full = [] }) => [...simple, ...full])
      .map(({ address }) => address);
    for (const address of addresses) expect(addressOf(scriptOf(address), MAINNET)).toBe(address);
  });
});

describe.skipIf(!isThere)('blocks of BIP-158', () => {
  const rows = isThere
    ? (JSON.parse(readFileSync(join(VECTORS, 'bip-0158', 'testnet-19.json'), 'utf8')) as unknown[][]).slice(1)
    : [];
  const blocks = rows.map(([, hash, hex]) => {
    const bytes = hexToBytes(hex as string);
    const reader = new BitcoinReader(bytes);
    const header = reader.take(80);
    const transactions = Array.from({ length: reader.takeCount(60) }, () => takeTransaction(reader));
    reader.expectEnd();
    return { hash: hash as string, header, ids: transactions.map(hashTransaction) };
  });

  it('finds the first and the last transaction of each block in it, and nowhere else', () => {
    let found = 0;
    for (const { hash, header, ids } of blocks) {
      expect(formatHash(hashTwice(header))).toBe(hash);
      const root = header.subarray(36, 68);
      for (const position of [0, ids.length - 1]) {
        const branch = buildBranches(ids)(position);
        expect(isInBlock(ids[position]!, { position, branch }, root)).toBe(true);
        found += 1;
        expect(isInBlock(ids[position]!, { position: position + 2 ** branch.length, branch }, root)).toBe(
          false,
        );
        expect(isInBlock(hashTwice(ids[position]!), { position, branch }, root)).toBe(false);
        if (branch.length > 0) {
          expect(isInBlock(ids[position]!, { position: position ^ 1, branch }, root)).toBe(false);
        }
      }
    }
    expect(found).toBe(20);
  });

  it('refuses a transaction of 64 bytes, as two hashes are', () => {
    const outputs = [{ amountSatoshi: 0n, script: new Uint8Array(4) }];
    const inputs = [
      { transaction: new Uint8Array(32), index: 0, script: new Uint8Array(), sequence: 0, witness: [] },
    ];
    const transaction = { version: 1, lockTime: 0, inputs, outputs };
    expect(() => hashTransaction(transaction)).toThrow(
      expect.objectContaining({ code: 'transaction-malformed' }),
    );
    expect(() => parseTransaction(new Uint8Array(64))).toThrow(
      expect.objectContaining({ code: 'transaction-malformed' }),
    );
  });
});
