import { hexToBytes } from '../../../../src/protocol/index.js';
import {
  composeMessage,
  deriveChallenge,
  keyOfEntry,
  keyOfEvidence,
  type Evidence,
  type OutputEntry,
  type Pins,
  type PlacedTransaction,
  type ReserveEntry,
} from '../../../../src/protocol/reserves/index.js';
import type { ReservesDraft } from '../../../../src/verifier/reserves/making.js';
import type { Liabilities } from '../../../../src/verifier/reserves/index.js';
import { liabilities, TAKEN_AT, TAKEN_SECONDS } from '../world.js';
import { formCanonical } from '../../../../src/verifier/reserves/making.js';
import { idOf, Miner, sortPlaced } from '../../../../scripts/reserves/bitcoin-miner.js';
import {
  fund,
  makeWallet,
  signBip127,
  signBip137,
  signBip322,
  spend,
  type Coin,
} from '../../../../scripts/reserves/bitcoin-wallets.js';

export const NETWORK = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328';
/** The last block at or before the instant, and the tip that readers pin. */
export const [BLOCK, TIP] = [130, 140];
const FUNDING = 20;
/** Blocks whose new coins could be spent first in the block after that of the instant, and in the one after that. */
export const [MATURE, IMMATURE] = [BLOCK - 99, BLOCK - 98];

export const WALLETS = {
  hot: makeWallet('p2wpkh', 'hot'),
  key: makeWallet('p2tr', 'key'),
  cold: makeWallet('p2wsh', 'cold'),
  old: makeWallet('p2pkh', 'old'),
  nested: makeWallet('p2sh-p2wpkh', 'nested'),
  shared: makeWallet('p2sh', 'shared'),
  fund: makeWallet('p2wpkh', 'fund'),
  funds: makeWallet('p2pkh', 'funds'),
  proof: makeWallet('p2wpkh', 'proof'),
  quiet: makeWallet('p2wpkh', 'quiet'),
  coinbase: makeWallet('p2wpkh', 'coinbase'),
  stranger: makeWallet('p2wpkh', 'stranger'),
} as const;
export type Name = keyof typeof WALLETS;

const FUNDED = Object.keys(WALLETS).filter((name) => name !== 'coinbase') as Name[];
const AMOUNT = 10_000_000n;

/** A Bitcoin network with wallets of every kind, the platform's account of it, and what a reader pins. */
export type BitcoinWorld = {
  /** What the platform owes, and by whom it is signed. */
  readonly owed: Liabilities;
  readonly miner: Miner;
  readonly funding: Uint8Array;
  readonly challenge: string;
  readonly pins: Pins;
  readonly draft: ReservesDraft;
  readonly transactions: readonly PlacedTransaction[];
};

export const coinOf = (funding: Uint8Array, name: Name): Coin => ({
  wallet: WALLETS[name],
  funding,
  index: FUNDED.indexOf(name),
});

/** The script that carries a challenge. */
export const carry = (challenge: string) => Uint8Array.of(0x6a, 32, ...hexToBytes(challenge));

export const entryOf = (funding: Uint8Array, name: Name, rest: Partial<OutputEntry> = {}): OutputEntry => ({
  kind: 'output',
  chain: NETWORK,
  transaction: idOf(funding),
  index: FUNDED.indexOf(name),
  address: WALLETS[name].address,
  asset: 'BTC',
  amount: (AMOUNT + BigInt(FUNDED.indexOf(name))).toString(),
  balance: 'reproducible',
  control: 'signed',
  custodian: null,
  encumbrance: null,
  ...rest,
});

/** What a platform may do otherwise before its account is made. */
export type Turn = {
  readonly owed?: Liabilities;
  /** What the spends after the instant are of, and what they carry. */
  readonly spends?: (honest: {
    readonly funding: Uint8Array;
    readonly challenge: string;
  }) => readonly { readonly number: number; readonly bytes: Uint8Array }[];
  /** Further transactions before the instant. */
  readonly before?: (
    funding: Uint8Array,
  ) => readonly { readonly number: number; readonly bytes: Uint8Array }[];
};

/** Mines the network, spends after the instant and signs for what is not spent. */
export function makeBitcoinWorld(turn: Turn = {}): BitcoinWorld {
  const { owed = liabilities } = turn;
  const funding = fund(
    FUNDED.map((name, index) => ({ script: WALLETS[name].script, amount: AMOUNT + BigInt(index) })),
    3,
  );
  // The median of eleven times is that of the sixth block back.
  const miner = new Miner(TAKEN_SECONDS - (BLOCK - 5) * 600 - 300);
  const before = turn.before?.(funding) ?? [];
  while (miner.blocks.length <= BLOCK) {
    const number = miner.blocks.length;
    const own =
      number === FUNDING ? [fund([{ script: WALLETS.stranger.script, amount: 5n }], 9), funding] : [];
    const more = before.filter((each) => each.number === number).map(({ bytes }) => bytes);
    const isOwn = [FUNDING - 1, MATURE, IMMATURE].includes(number);
    miner.mine([...own, ...more], isOwn ? WALLETS.coinbase.script : undefined);
  }
  const blocks = [{ chain: NETWORK, number: BLOCK, hash: miner.hashOf(BLOCK) }];
  const challenge = deriveChallenge({ ...owed, blocks });
  const after = (turn.spends ?? spendHonestly)({ funding, challenge });
  while (miner.blocks.length <= TIP) {
    const number = miner.blocks.length;
    miner.mine(after.filter((each) => each.number === number).map(({ bytes }) => bytes));
  }
  const made = { owed, funding, challenge };
  return { ...made, miner, ...account(miner, { ...made, spends: after, before }) };
}

function spendHonestly({ funding, challenge }: { funding: Uint8Array; challenge: string }) {
  const out = { script: WALLETS.stranger.script, amount: 1_000n };
  const mark = { script: carry(challenge), amount: 0n };
  const of = (...names: Name[]) => names.map((name) => coinOf(funding, name));
  return [
    { number: BLOCK + 1, bytes: spend(of('hot', 'stranger'), [out, mark]).extract() },
    { number: BLOCK + 1, bytes: spend(of('key'), [mark, out]).extract() },
    { number: BLOCK + 4, bytes: spend(of('cold'), [out, mark]).extract() },
    // A sweep without the challenge: it was there, and its key signs.
    { number: TIP, bytes: spend(of('quiet'), [out]).extract() },
  ];
}

function account(
  miner: Miner,
  {
    owed,
    funding,
    challenge,
    spends,
    before,
  }: {
    readonly owed: Liabilities;
    readonly funding: Uint8Array;
    readonly challenge: string;
    readonly spends: readonly { readonly number: number; readonly bytes: Uint8Array }[];
    readonly before: readonly { readonly number: number; readonly bytes: Uint8Array }[];
  },
): Pick<BitcoinWorld, 'pins' | 'draft' | 'transactions'> {
  const proven = { balance: 'proven', control: 'spent' } as const;
  const coinbase = miner.blocks[FUNDING - 1]!.transactions[0]!;
  const entries: ReserveEntry[] = [
    ...(['hot', 'key', 'cold'] as const).map((name) => entryOf(funding, name, proven)),
    entryOf(funding, 'quiet', { balance: 'proven' }),
    ...(['old', 'nested', 'shared', 'fund', 'funds', 'proof'] as const).map((name) => entryOf(funding, name)),
    {
      ...entryOf(funding, 'coinbase', { control: 'stated', encumbrance: 0 }),
      transaction: idOf(coinbase),
      index: 0,
      amount: '5000000000',
    },
  ];
  const message = (name: Name) =>
    composeMessage(owed, challenge, { chain: NETWORK, address: WALLETS[name].address });
  const line = (name: Name, form: 'bip-127' | 'bip-137' | 'bip-322', signature: string): Evidence => ({
    kind: 'bitcoin',
    chain: NETWORK,
    address: WALLETS[name].address,
    form,
    signature: formCanonical({ form, signature })!,
  });
  const wallet = (name: Name) => ({ wallet: WALLETS[name] });
  const evidence = [
    line('old', 'bip-137', signBip137(message('old'), WALLETS.old)),
    line('nested', 'bip-322', signBip322('smp', message('nested'), wallet('nested'))),
    line('shared', 'bip-322', signBip322('ful', message('shared'), wallet('shared'))),
    line('quiet', 'bip-322', signBip322('smp', message('quiet'), wallet('quiet'))),
    line(
      'fund',
      'bip-322',
      signBip322('pof', message('fund'), { ...wallet('fund'), coins: [coinOf(funding, 'funds')] }),
    ),
    line('proof', 'bip-127', signBip127(message('proof'), [coinOf(funding, 'proof')])),
  ];
  const placed = [...spends, ...before].flatMap(({ number, bytes }) => {
    const { transactions } = miner.blocks[number]!;
    return miner.position(number, [transactions.indexOf(bytes)]);
  });
  const transactions = sortPlaced([
    ...miner.position(FUNDING, [2]),
    ...miner.position(FUNDING - 1, []),
    ...placed,
  ]);
  const draft: ReservesDraft = {
    format: 'solvent/reserves/v1',
    purpose: 'snapshot',
    platform: owed.platform,
    takenAt: TAKEN_AT,
    manifestHash: owed.manifestHash,
    snapshotHash: owed.snapshotHash,
    previousReservesHash: null,
    blocks: [{ chain: NETWORK, number: BLOCK, hash: miner.hashOf(BLOCK) }],
    custodians: [],
    encumbrances: [{ kind: 'pledged', note: 'collateral of a loan', until: null }],
    entries: entries.sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1)),
    evidence: evidence.sort((a, b) => (keyOfEvidence(a) < keyOfEvidence(b) ? -1 : 1)),
    headers: new Map(),
    nodes: new Map(),
    bitcoin: new Map([[NETWORK, { headers: miner.headers(FUNDING - 1), transactions }]]),
  };
  return { draft, transactions, pins: pinsOf(miner) };
}

export function pinsOf(miner: Miner, [number, tip] = [BLOCK, TIP]): Pins {
  return {
    format: 'solvent/pins/v1',
    chains: [],
    bitcoin: [
      {
        chain: NETWORK,
        native: { asset: 'BTC', kind: 'issued' },
        easiestBits: '207fffff',
        block: { number, hash: miner.hashOf(number), tip: { number: tip, hash: miner.hashOf(tip) } },
      },
    ],
    tokens: [],
    wallets: [],
    delegates: [],
    custodians: [],
  };
}
