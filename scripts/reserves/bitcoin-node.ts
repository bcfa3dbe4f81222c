import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { concatBytes, hexToBytes } from '../../src/protocol/index.js';
import type { RpcNode } from '../../src/reserves/index.js';
import { encodeCount } from '../../src/verifier/reserves/bitcoin/transaction.js';
import { hashOfHeader } from './bitcoin-miner.js';
import { makeWallet } from './bitcoin-wallets.js';

/** A Bitcoin node of 2018 that checks consensus and runs without a compiled module; it knows no taproot. */
export const NODE_VERSION = '1.0.2';

/** PUBLIC TEST KEYS, which everyone can make from their names. Never send anything to their addresses. */
export const NODE_COINS = {
  hot: makeWallet('p2wpkh', 'hot of a node'),
  cold: makeWallet('p2wsh', 'cold of a node'),
  old: makeWallet('p2pkh', 'old of a node'),
  nested: makeWallet('p2sh-p2wpkh', 'nested of a node'),
  shared: makeWallet('p2sh', 'shared of a node'),
  both: makeWallet('p2sh-p2wsh', 'both of a node'),
  quiet: makeWallet('p2wpkh', 'quiet of a node'),
  twice: makeWallet('p2wpkh', 'twice of a node'),
  back: makeWallet('p2wpkh', 'back of a node'),
  gone: makeWallet('p2wpkh', 'gone of a node'),
  coinbase: makeWallet('p2wpkh', 'coinbase of a node'),
  miner: makeWallet('p2wpkh', 'miner of a node'),
  stranger: makeWallet('p2wpkh', 'stranger of a node'),
} as const;
export type NodeCoinName = keyof typeof NODE_COINS;

/** What the recorded node answered, by the JSON of the question. */
export type NodeAnswers = Readonly<Record<string, unknown>>;

/** A node that answers as another did; a question that it was not asked is a fault of the caller. */
export function replayNode(answers: NodeAnswers): RpcNode {
  return {
    call: (method, params) => {
      const question = JSON.stringify([method, ...params]);
      if (!Object.hasOwn(answers, question)) throw new Error(`expected a recorded question, got ${question}`);
      return Promise.resolve(answers[question]);
    },
  };
}

/** The bytes of a block, as nodes send them. */
export function encodeBlock(header: Uint8Array, transactions: readonly Uint8Array[]): Uint8Array {
  return concatBytes(header, encodeCount(transactions.length), ...transactions);
}

/** As much of bcoin as is used here. Hashes are in the order of their bytes. */
type BcoinEntry = { readonly hash: string; readonly height: number; readonly prevBlock: string };
type BcoinTransaction = { toRaw(): Buffer };
type BcoinBlock = {
  readonly txs: readonly BcoinTransaction[];
  /** Its header, 80 bytes. */
  toHead(): Buffer;
};
type BcoinTemplate = {
  time: number;
  pushTX(transaction: BcoinTransaction): void;
  refresh(): void;
  readonly target: Buffer;
  getProof(nonce1: number, nonce2: number, time: number, nonce: number): { verify(target: Buffer): boolean };
  commit(proof: unknown): BcoinBlock;
};
type BcoinNode = {
  open(): Promise<void>;
  close(): Promise<void>;
  readonly chain: {
    readonly tip: BcoinEntry;
    add(block: BcoinBlock): Promise<BcoinEntry | null>;
    getEntry(at: number | string): Promise<BcoinEntry | null>;
  };
  readonly rpc: {
    call(body: object, query: object): Promise<{ readonly result: unknown; readonly error: object | null }>;
  };
  readonly miner: { createBlock(tip: BcoinEntry, address?: unknown): Promise<BcoinTemplate> };
};
type Bcoin = {
  readonly FullNode: new (options: object) => BcoinNode;
  readonly TX: { fromRaw(bytes: Buffer): BcoinTransaction };
  readonly Block: { fromRaw(bytes: Buffer): BcoinBlock };
  readonly Script: { fromRaw(bytes: Buffer): unknown };
  readonly Address: { fromScript(script: unknown): unknown };
};

/** A block as the node took it. */
export type NodeBlock = {
  readonly number: number;
  /** Its hash, as nodes print it. */
  readonly hash: string;
  /** 80 bytes. */
  readonly header: Uint8Array;
  /** Each whole, in their order. */
  readonly transactions: readonly Uint8Array[];
};

type MiningOptions = {
  /** The block before it, as nodes print its hash; the tip unless another is named. */
  readonly on?: string;
  readonly transactions?: readonly Uint8Array[];
  /** Where the new coins go; nowhere unless it is named. */
  readonly script?: Uint8Array;
};

/** A regtest network in the memory of a node that checks consensus. */
export class RegtestNode {
  readonly #bcoin: Bcoin;
  readonly #node: BcoinNode;
  readonly #firstSeconds: number;

  private constructor(bcoin: Bcoin, node: BcoinNode, firstSeconds: number) {
    this.#bcoin = bcoin;
    this.#node = node;
    this.#firstSeconds = firstSeconds;
  }

  /** @param directory where the node is installed, once. @param firstSeconds the time of the first block, ten minutes before the next. */
  static async open(directory: string, firstSeconds: number): Promise<RegtestNode> {
    const bcoin = await loadNode(directory);
    const node = new bcoin.FullNode({
      ...{ network: 'regtest', memory: true, config: false, argv: false, env: false, logConsole: false },
    });
    await node.open();
    return new RegtestNode(bcoin, node, firstSeconds);
  }

  close(): Promise<void> {
    return this.#node.close();
  }

  get tip(): { readonly number: number; readonly hash: string } {
    const { height, hash } = this.#node.chain.tip;
    return { number: height, hash: turn(hash) };
  }

  /** Mines a block and gives it to the node. @throws Error with the node's `reason` where it refuses the block. */
  async mine(options: MiningOptions): Promise<NodeBlock> {
    const block = await this.compose(options);
    await this.offer(encodeBlock(block.header, block.transactions));
    return block;
  }

  /** Mines a block by the node's own template, and keeps it from the node. */
  async compose({ on = this.tip.hash, transactions = [], script }: MiningOptions): Promise<NodeBlock> {
    const { chain, miner } = this.#node;
    const parent = await chain.getEntry(turn(on));
    if (parent === null) throw new Error(`expected a block that the node knows, got ${on}`);
    const { Address, Script, TX } = this.#bcoin;
    const address =
      script === undefined ? undefined : Address.fromScript(Script.fromRaw(Buffer.from(script)));
    const template = await miner.createBlock(parent, address);
    for (const bytes of transactions) template.pushTX(TX.fromRaw(Buffer.from(bytes)));
    template.time = this.#firstSeconds + (parent.height + 1) * 600;
    template.refresh();
    let nonce = 0;
    const work = () => template.getProof(0, 0, template.time, nonce);
    let proof = work();
    for (; !proof.verify(template.target); proof = work()) nonce += 1;
    const block = template.commit(proof);
    const header = new Uint8Array(block.toHead());
    return {
      number: parent.height + 1,
      hash: hashOfHeader(header),
      header,
      transactions: block.txs.map((transaction) => new Uint8Array(transaction.toRaw())),
    };
  }

  /** Gives the node the bytes of a block. @throws Error with the node's `reason` where it refuses it. */
  async offer(bytes: Uint8Array): Promise<void> {
    const entry = await this.#node.chain.add(this.#bcoin.Block.fromRaw(Buffer.from(bytes)));
    if (entry === null) throw new Error('expected a block on one that the node knows, got an orphan');
  }

  /** The node's own JSON-RPC, with each answer written down. */
  record(answers: Record<string, unknown>): RpcNode {
    return {
      call: async (method, params) => {
        const { result, error } = await this.#node.rpc.call({ id: 1, method, params }, {});
        if (error !== null) throw new Error(`expected an answer to ${method}, got ${JSON.stringify(error)}`);
        answers[JSON.stringify([method, ...params])] = result;
        return result;
      },
    };
  }
}

/** A hash in the other order of its bytes. */
function turn(hash: string): string {
  return Buffer.from(hexToBytes(hash)).reverse().toString('hex');
}

async function loadNode(directory: string): Promise<Bcoin> {
  await installNode(directory);
  // Its cryptography in JavaScript: the compiled modules are not there.
  process.env.NODE_BACKEND = 'js';
  return createRequire(join(directory, 'package.json'))('bcoin') as Bcoin;
}

/** Installs the node with none of its scripts. Its database stays in memory, so that the compiled one is not needed. */
async function installNode(directory: string): Promise<void> {
  if (existsSync(directory)) return;
  const made = `${directory}.${process.pid}`;
  await mkdir(made, { recursive: true });
  await writeFile(join(made, 'package.json'), '{"private":true}');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error'];
  execFileSync('npm', ['install', ...flags, `bcoin@${NODE_VERSION}`], { cwd: made, stdio: 'inherit' });
  await writeFile(join(made, 'node_modules/leveldown/leveldown.js'), 'module.exports = class {};\n');
  await rename(made, directory);
}
