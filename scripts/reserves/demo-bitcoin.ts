import { concatBytes } from '../../src/protocol/index.js';
import type { OutputEntry, PlacedTransaction } from '../../src/protocol/reserves/index.js';
import {
  composeCarrier,
  replaceOutputs,
  type BitcoinCapture,
  type ReservesWork,
} from '../../src/reserves/index.js';
import {
  EASIEST_BITS,
  hashOfHeader,
  idOf,
  mineBlock,
  Miner,
  positionOf,
  sortPlaced,
} from './bitcoin-miner.js';
import { makeWallet, signBip322, spend } from './bitcoin-wallets.js';

/** A network of the demonstration's own, with the rules and addresses of regtest. */
export const DEMO_NETWORK = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328';
/** As a header writes it. */
export const DEMO_EASIEST_BITS = EASIEST_BITS.toString(16);

/** PUBLIC TEST KEYS, which everyone can make from their names. Never send anything to their addresses. */
export const DEMO_COINS = {
  hot: makeWallet('p2wpkh', 'hot of the Solvent demonstration'),
  cold: makeWallet('p2wsh', 'cold of the Solvent demonstration'),
} as const;
type DemoCoin = keyof typeof DEMO_COINS;

/** The block that pays the platform, that of the instant, and the newest when it was captured. */
const [FUNDING, BLOCK, NEWEST] = [112, 120, 126];
const NEW_COINS = 5_000_000_000n;
const FEE = 1_000n;
const BLOCK_SECONDS = 600;
/** Headers before the block that its median time past is made of. */
const MEDIAN_PARENTS = 10;

/** Mines a network whose first coins pay the two wallets of the demonstration before an instant. */
export function captureDemoOutputs(
  amounts: Readonly<Record<DemoCoin, bigint>>,
  instantSeconds: number,
): BitcoinCapture {
  // The median of eleven times is that of the sixth block back.
  const firstSeconds = instantSeconds - (BLOCK - 5) * BLOCK_SECONDS - BLOCK_SECONDS / 2;
  const miner = new Miner(firstSeconds);
  const { hot, cold } = DEMO_COINS;
  miner.mine([], hot.script);
  const change = NEW_COINS - amounts.hot - amounts.cold - FEE;
  const funding = spend(
    [{ wallet: hot, funding: miner.tip.transactions[0]!, index: 0 }],
    [
      { script: hot.script, amount: amounts.hot },
      { script: cold.script, amount: amounts.cold },
      { script: hot.script, amount: change },
    ],
  ).extract();
  while (miner.blocks.length <= NEWEST) miner.mine(miner.blocks.length === FUNDING ? [funding] : []);
  const entries = (['hot', 'cold'] as const).map((name, index): OutputEntry => ({
    kind: 'output',
    chain: DEMO_NETWORK,
    transaction: idOf(funding),
    index,
    address: DEMO_COINS[name].address,
    asset: 'BTC',
    amount: amounts[name].toString(),
    balance: 'reproducible',
    control: 'signed',
    custodian: null,
    encumbrance: null,
  }));
  return {
    chain: DEMO_NETWORK,
    block: {
      number: BLOCK,
      hash: miner.hashOf(BLOCK),
      tip: { number: NEWEST, hash: miner.hashOf(NEWEST) },
    },
    contents: {
      headers: miner.headers(BLOCK - MEDIAN_PARENTS),
      transactions: sortPlaced(miner.position(FUNDING, [1])),
    },
    entries,
  };
}

/** Sweeps the hot wallet with the challenge of a work in the block after the newest, and mines one more: what a platform does in the days after. */
export function sweepDemoOutput(work: ReservesWork): ReservesWork {
  const { headers, transactions } = work.bitcoin!.get(DEMO_NETWORK)!;
  const entries = work.entries.filter((entry): entry is OutputEntry => entry.kind === 'output');
  const { hot } = DEMO_COINS;
  const swept = entries.find(({ address }) => address === hot.address)!;
  const { bytes: funding } = transactions.find(({ bytes }) => idOf(bytes) === swept.transaction)!;
  const sweep = spend(
    [{ wallet: hot, funding, index: swept.index }],
    [
      { script: hot.script, amount: BigInt(swept.amount) - FEE },
      { script: composeCarrier(work.challenge), amount: 0n },
    ],
  ).extract();
  const newest = headers.bytes.subarray(-80);
  const timeSeconds = new DataView(newest.buffer, newest.byteOffset).getUint32(68, true);
  const mined = mineBlock(
    { number: NEWEST + 1, header: newest },
    { timeSeconds: timeSeconds + BLOCK_SECONDS, transactions: [sweep] },
  );
  const last = mineBlock(
    { number: NEWEST + 2, header: mined.header },
    { timeSeconds: timeSeconds + 2 * BLOCK_SECONDS },
  );
  const { block } = work.pins.bitcoin!.find(({ chain }) => chain === DEMO_NETWORK)!;
  const positioned: PlacedTransaction[] = sortPlaced([...transactions, ...positionOf(mined, [1])]);
  const capture: BitcoinCapture = {
    chain: DEMO_NETWORK,
    block: { ...block!, tip: { number: NEWEST + 2, hash: hashOfHeader(last.header) } },
    contents: {
      headers: { ...headers, bytes: concatBytes(headers.bytes, mined.header, last.header) },
      transactions: positioned,
    },
    entries: entries.map((entry) =>
      entry === swept ? { ...entry, balance: 'proven', control: 'spent' } : entry,
    ),
  };
  return replaceOutputs(work, [capture]);
}

/** What the wallet that does not move signs. */
export function signDemoOutput(message: string): string {
  return signBip322('smp', message, { wallet: DEMO_COINS.cold });
}
