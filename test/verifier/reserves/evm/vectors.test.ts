import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { keccak_256 } from '@noble/hashes/sha3.js';
import { describe, expect, it } from 'vitest';

import { hexToBytes } from '../../../../src/protocol/index.js';
import { hashEvm, parseEvmHeader } from '../../../../src/verifier/reserves/evm/header.js';
import { asList, parseRlp, type RlpList } from '../../../../src/verifier/reserves/evm/rlp.js';
import { ProvenState } from '../../../../src/verifier/reserves/evm/state.js';
import { sortNodes } from '../../../../src/verifier/reserves/making.js';
import { NodeSet } from '../../../../src/verifier/reserves/evm/trie.js';

/** Data of ethereum/execution-apis (CC0-1.0), made by a node that is not ours. */
const VECTORS = join(
  process.env.SOLVENT_VECTORS ?? resolve(import.meta.dirname, '../../../../../shared/vectors'),
  'ethereum',
);
const isThere = existsSync(VECTORS);

/** The blocks of the chain, one behind the other. */
function readChain(): Uint8Array[] {
  const bytes = new Uint8Array(readFileSync(join(VECTORS, 'chain.rlp')));
  const headers: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    // Each block is a list with a long length: its first byte says of how many bytes.
    const width = bytes[at]! - 0xf7;
    const length = bytes.subarray(at + 1, at + 1 + width).reduce((sum, byte) => sum * 256 + byte, 0);
    const block = bytes.subarray(at, at + 1 + width + length);
    // The header is the first item of the block, and as many bytes as it says.
    const { sizeBytes } = asList(parseRlp(block))[0] as RlpList;
    headers.push(block.subarray(1 + width, 1 + width + sizeBytes));
    at += block.length;
  }
  return headers;
}

type ProofAnswer = {
  readonly address: string;
  readonly accountProof: readonly string[];
  readonly balance: string;
  readonly nonce: string;
  readonly codeHash: string;
  readonly storageHash: string;
  readonly storageProof: readonly {
    readonly key: string;
    readonly value: string;
    readonly proof: readonly string[];
  }[];
};

const readAnswer = (name: string) =>
  (
    JSON.parse(
      readFileSync(join(VECTORS, 'getProof', name), 'utf8')
        .split('\n')
        .find((line) => line.startsWith('<<'))!
        .slice(2),
    ) as { result: unknown }
  ).result;
const toBytes = (hex: string) => hexToBytes(hex.slice(2));

describe.skipIf(!isThere)(`headers and proofs of another node (${VECTORS})`, () => {
  const headers = isThere ? readChain() : [];

  it('are headers of five forks, each of which names the one before by its hash', () => {
    expect(headers.length).toBe(54);
    expect(new Set(headers.map((header) => asList(parseRlp(header)).length))).toEqual(
      new Set([15, 16, 17, 20, 21]),
    );
    for (const [index, header] of headers.entries()) {
      const parsed = parseEvmHeader(header);
      expect(parsed.number).toBe(BigInt(index + 1));
      if (index > 0) expect(parsed.parentHash).toBe(hashEvm(headers[index - 1]!));
    }
  });

  it('are the headers that the node gives raw', () => {
    expect(toBytes(readAnswer('debug_getRawHeader-get-block-n.io') as string)).toEqual(headers[2]);
    const genesis = toBytes(readAnswer('debug_getRawHeader-get-genesis.io') as string);
    expect(parseEvmHeader(headers[0]!).parentHash).toBe(hashEvm(genesis));
  });

  const answers = isThere
    ? readdirSync(join(VECTORS, 'getProof')).filter((name) => name.startsWith('eth_getProof'))
    : [];

  it('has four answers to eth_getProof', () => {
    expect(answers.length).toBe(4);
  });

  it.each(answers)('is proven by the state root of the last header: %s', (name) => {
    const answer = readAnswer(name) as ProofAnswer;
    const proofs = [answer.accountProof, ...answer.storageProof.map(({ proof }) => proof)];
    const nodes = new NodeSet(sortNodes(proofs.flat().map(toBytes)));
    const state = new ProvenState(nodes, parseEvmHeader(headers.at(-1)!).stateRoot);
    expect(state.readAccount(answer.address)).toEqual({
      nonce: BigInt(answer.nonce),
      balance: BigInt(answer.balance),
      storageRoot: answer.storageHash.slice(2),
      codeHash: answer.codeHash,
    });
    for (const { key, value } of answer.storageProof) {
      const slot = `0x${key.slice(2).padStart(64, '0')}`;
      expect(state.readSlot(answer.address, slot)).toBe(BigInt(value));
    }
    nodes.assertAllReached();
    // Every byte of every node is one that the root depends on.
    for (const [index, hex] of answer.accountProof.entries()) {
      const changed = answer.accountProof.map(toBytes);
      changed[index] = toBytes(hex).with(5, toBytes(hex)[5]! ^ 1);
      const wrong = new ProvenState(
        new NodeSet(sortNodes(changed)),
        parseEvmHeader(headers.at(-1)!).stateRoot,
      );
      expect(() => wrong.readAccount(answer.address)).toThrow(/expected node [0-9a-f]{64}, got none/);
    }
  });

  it('hashes as Keccak-256, and not as SHA3-256', () => {
    expect(hashEvm(new Uint8Array())).toBe(
      '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    );
    expect(keccak_256(new Uint8Array()).length).toBe(32);
  });
});
