/**
 * Mines a regtest network with a node that checks consensus, captures outputs from it as a platform does, reorganises it, and writes
 * what the node answered and refused: a fixture that the tests hold the Bitcoin room to. The project itself has no such node.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { deriveChallenge } from '../../src/protocol/reserves/index.js';
import {
  captureOutputs,
  captureSpends,
  composeCarrier,
  settleOutputs,
  type CapturedOutput,
} from '../../src/reserves/index.js';
import { projectRoot } from '../../src/system/index.js';
import { encodeTransaction, parseTransaction } from '../../src/verifier/reserves/making.js';
import { liabilities, TAKEN_AT, TAKEN_SECONDS } from '../../conformance/adversary/reserves/world.js';
import { describeScript } from '../command-line.js';
import { idOf, unwork } from './bitcoin-miner.js';
import {
  encodeBlock,
  NODE_COINS,
  NODE_VERSION,
  RegtestNode,
  type NodeBlock,
  type NodeCoinName,
} from './bitcoin-node.js';
import { spend, type Coin } from './bitcoin-wallets.js';

const NETWORK = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328';
const FIXTURE = 'test/vectors/reserves/bitcoin.json';
/** The block that pays the wallets, and that of the instant; segwit begins at 432. */
const [FUNDING, BLOCK] = [440, 450];
/** Blocks whose new coins could be spent first in the block after that of the instant, and in the one after that. */
const [MATURE, IMMATURE] = [BLOCK - 99, BLOCK - 98];
const AMOUNT = 10_000_000n;
/** What the funding pays, in the order of its outputs. */
const FUNDED = ['hot', 'cold', 'old', 'nested', 'shared', 'both', 'quiet', 'twice', 'back', 'gone'] as const;
const NEW_COINS: Readonly<Record<number, NodeCoinName>> = {
  1: 'miner',
  2: 'miner',
  3: 'miner',
  [MATURE]: 'coinbase',
  [IMMATURE]: 'coinbase',
};

describeScript('npm run test:chains', {
  does: `Mine a regtest network with bcoin ${NODE_VERSION}, reorganise it, write ${FIXTURE}, and run the tests that read it.`,
  examples: [''],
}).parse();

/** What the platform says is its own: all that is paid to it and not gone, and the new coins. */
const OWNED = FUNDED.filter((name) => name !== 'gone');
const out = { script: NODE_COINS.stranger.script, amount: 1_000_000n };
const refused: { readonly name: string; readonly reason: string }[] = [];
const made = new Map<number, NodeBlock>();

const directory = join(projectRoot(), `node_modules/.cache/bcoin-${NODE_VERSION}`);
// The median of eleven times is that of the sixth block back.
const node = await RegtestNode.open(directory, TAKEN_SECONDS - (BLOCK - 5) * 600 - 300);
try {
  const fixture = await mineNetwork();
  await writeFile(join(projectRoot(), FIXTURE), `${JSON.stringify(fixture, null, 1)}\n`);
  console.log(`wrote ${FIXTURE}: up to block ${node.tip.number}; the node refused ${refused.length} offers`);
} finally {
  await node.close();
}

/** Mines the network and two ends of it, and captures the platform's outputs on each. */
async function mineNetwork() {
  const funding = await mineToInstant();
  const instant = node.tip;
  const blocks = [{ chain: NETWORK, number: BLOCK, hash: instant.hash }];
  const script = composeCarrier(deriveChallenge({ ...liabilities, blocks }));
  const pay = (...coins: readonly Coin[]) => spend(coins, [out, { script, amount: 0n }]).extract();
  const coin = (name: (typeof FUNDED)[number]): Coin => ({
    ...{ wallet: NODE_COINS[name], funding, index: FUNDED.indexOf(name) },
  });
  await expectRefused('new coins one block too early', () => mine(pay(newCoins(IMMATURE))));
  // An end that the node leaves again: what is spent there is not spent.
  const left = [await mine()];
  const answers = { left: {}, best: {} };
  const captured = await captureOutputs(node.record(answers.left), {
    ...{ chain: NETWORK, takenAt: TAKEN_AT, asset: 'BTC', outputs: listOwned(funding) },
  });
  left.push(await mine(pay(coin('twice')), pay(coin('back'))));
  await captureSpends(node.record(answers.left), captured, { script, tipNumber: BLOCK + 2 });
  const best = await mineBest(instant.hash, { coin, pay });
  await captureSpends(node.record(answers.best), captured, { script });
  const asked = await settleOutputs(node.record(answers.best), {
    ...{ number: BLOCK, hash: instant.hash, outputs: listOwned(funding) },
  });
  await offerLies(best, { coin, pay });
  return {
    madeAt: new Date().toISOString().slice(0, 10),
    node: { name: 'bcoin', version: NODE_VERSION },
    owned: listOwned(funding),
    gone: { transaction: idOf(funding), index: FUNDED.indexOf('gone') },
    block: instant,
    left: { number: BLOCK + 2, hash: left[1]!.hash },
    best: node.tip,
    moved: asked.others,
    refused,
    answers,
  };
}

/** Mines up to the block of the instant, with the transaction that pays the platform, which is given back. */
async function mineToInstant(): Promise<Uint8Array> {
  const mineTo = async (last: number) => {
    while (node.tip.number < last) await mine();
  };
  await mineTo(FUNDING - 1);
  const funding = spend(
    [newCoins(1)],
    FUNDED.map((name, index) => ({ script: NODE_COINS[name].script, amount: AMOUNT + BigInt(index) })),
  ).extract();
  const other = spend([newCoins(2)], [out]).extract();
  // Whoever mines may put a transaction of 64 bytes into a block: consensus has nothing against it.
  const tiny = spend([newCoins(3)], [{ script: Uint8Array.of(0x6a, 2, 1, 2), amount: AMOUNT }]).extract();
  await mine(other, funding, tiny);
  await mineTo(BLOCK - 4);
  await mine(spend([{ wallet: NODE_COINS.gone, funding, index: FUNDED.indexOf('gone') }], [out]).extract());
  await mineTo(BLOCK);
  return funding;
}

type Spending = {
  readonly coin: (name: (typeof FUNDED)[number]) => Coin;
  /** A spend that carries the challenge. */
  readonly pay: (...coins: readonly Coin[]) => Uint8Array;
};

/** The end that the node goes over to, as it is longer. */
async function mineBest(instant: string, { coin, pay }: Spending): Promise<readonly NodeBlock[]> {
  const best: NodeBlock[] = [];
  for (const transactions of [
    [pay(coin('hot'), newCoins(MATURE))],
    [pay(coin('cold')), pay(coin('both')), pay(newCoins(IMMATURE))],
    // Spent here too, and elsewhere.
    [spend([coin('twice')], [out]).extract(), pay(coin('old')), pay(coin('nested')), pay(coin('shared'))],
    [spend([coin('quiet')], [out]).extract()],
    [],
  ]) {
    const block = await node.compose({ on: best.at(-1)?.hash ?? instant, transactions });
    const last = block.transactions.at(-1)!;
    // Of an odd number of transactions: the last one, taken twice, has the same root.
    if (transactions.length === 4)
      await expectRefused('a block whose last transaction is there twice', () =>
        node.offer(encodeBlock(block.header, [...block.transactions, last])),
      );
    await node.offer(encodeBlock(block.header, block.transactions));
    best.push(block);
  }
  if (node.tip.hash !== best.at(-1)!.hash)
    throw new Error('expected the longer end as the best, got the other');
  return best;
}

/** What consensus refuses, as the node says. */
async function offerLies(best: readonly NodeBlock[], { coin, pay }: Spending): Promise<void> {
  await expectRefused('a coin that was spent', () => mine(pay(coin('hot'))));
  await expectRefused('a coin that was spent before the instant', () => mine(pay(coin('gone'))));
  const spent = parseTransaction(pay(coin('back')));
  const amountSatoshi = AMOUNT + BigInt(FUNDED.indexOf('back')) + 1n;
  await expectRefused('one satoshi more than the output has', () =>
    mine(encodeTransaction({ ...spent, outputs: [{ ...spent.outputs[0]!, amountSatoshi }] })),
  );
  await expectRefused('a spend with the key of a stranger', () => {
    const [signature] = spent.inputs[0]!.witness;
    const [, key] = parseTransaction(pay(coin('hot'))).inputs[0]!.witness;
    return mine(
      encodeTransaction({ ...spent, inputs: [{ ...spent.inputs[0]!, witness: [signature!, key!] }] }),
    );
  });
  const { header, transactions } = best[1]!;
  await expectRefused('a header without its work', () =>
    node.offer(encodeBlock(unwork(header), transactions)),
  );
}

async function expectRefused(name: string, offer: () => Promise<unknown>): Promise<void> {
  const { number } = node.tip;
  try {
    await offer();
  } catch (error) {
    const { reason } = error as { readonly reason?: string };
    if (reason === undefined) throw error;
    refused.push({ name, reason });
  }
  if (node.tip.number > number || refused.at(-1)?.name !== name) {
    throw new Error(`expected the node to refuse ${name}, got it into a block`);
  }
}

async function mine(...transactions: readonly Uint8Array[]): Promise<NodeBlock> {
  const wallet = NEW_COINS[node.tip.number + 1];
  const script = wallet === undefined ? {} : { script: NODE_COINS[wallet].script };
  const block = await node.mine({ transactions, ...script });
  if (wallet !== undefined) made.set(block.number, block);
  return block;
}

function newCoins(number: number): Coin {
  return { wallet: NODE_COINS[NEW_COINS[number]!], funding: made.get(number)!.transactions[0]!, index: 0 };
}

function listOwned(funding: Uint8Array): CapturedOutput[] {
  const of = (transaction: string, index: number): CapturedOutput => ({
    ...{ transaction, index, control: 'signed', custodian: null, encumbrance: null },
  });
  return [
    ...OWNED.map((name) => of(idOf(funding), FUNDED.indexOf(name))),
    ...[MATURE, IMMATURE].map((number) => of(idOf(newCoins(number).funding), 0)),
  ];
}
