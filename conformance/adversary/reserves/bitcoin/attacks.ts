import { SigHash } from '@scure/btc-signer';

import { concatBytes } from '../../../../src/protocol/index.js';
import {
  composeMessage,
  deriveChallenge,
  keyOfEntry,
  keyOfEvidence,
  type BitcoinEvidence,
  type OutputEntry,
  type Pins,
  type PlacedTransaction,
  type ReserveEntry,
} from '../../../../src/protocol/reserves/index.js';
import type {
  Liabilities,
  ReservesFailureCode,
  ReservesUnverifiableCode,
} from '../../../../src/verifier/reserves/index.js';
import {
  buildBranches,
  formCanonical,
  hashTransaction,
  hashTwice,
  parseTransaction,
  type ReservesDraft,
} from '../../../../src/verifier/reserves/making.js';
import { encodeStripped, littleEndian } from '../../../../src/verifier/reserves/bitcoin/transaction.js';
import { idOf, Miner, sortPlaced } from '../../../../scripts/reserves/bitcoin-miner.js';
import {
  fund,
  makeWallet,
  signBip127,
  signBip137,
  signBip322,
  spend,
} from '../../../../scripts/reserves/bitcoin-wallets.js';
import {
  BLOCK,
  carry,
  coinOf,
  entryOf,
  IMMATURE,
  makeBitcoinWorld,
  MATURE,
  NETWORK,
  pinsOf,
  TIP,
  WALLETS,
  type BitcoinWorld,
  type Name,
} from './world.js';

/** A lie about outputs, and the code that it must be refused with. */
export type BitcoinAttack = {
  readonly name: string;
  readonly code: ReservesFailureCode | ReservesUnverifiableCode;
  readonly make: (honest: BitcoinWorld) => { readonly draft: ReservesDraft; readonly pins: Pins };
};

type Files = {
  entries: ReserveEntry[];
  evidence: BitcoinEvidence[];
  draft: { -readonly [K in keyof ReservesDraft]: ReservesDraft[K] };
};

/** Changes the honest account; what it holds is sorted again. */
function change(edit: (files: Files, honest: BitcoinWorld) => void): BitcoinAttack['make'] {
  return (honest) => {
    const draft = structuredClone(honest.draft) as Files['draft'];
    const files = { draft, entries: [...draft.entries], evidence: [...draft.evidence] as BitcoinEvidence[] };
    edit(files, honest);
    const entries = files.entries.sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1));
    const evidence = files.evidence.sort((a, b) => (keyOfEvidence(a) < keyOfEvidence(b) ? -1 : 1));
    return { draft: { ...draft, entries, evidence }, pins: honest.pins };
  };
}

const outputOf = (entries: readonly ReserveEntry[], name: Name) =>
  entries.find(
    (entry): entry is OutputEntry => entry.kind === 'output' && entry.address === WALLETS[name].address,
  )!;

/** Changes one entry. */
const withEntry = (name: Name, rest: Partial<OutputEntry>) =>
  change(({ entries }) => {
    entries.splice(entries.indexOf(outputOf(entries, name)), 1, { ...outputOf(entries, name), ...rest });
  });

/** Changes the signed message of an address. */
const withSignature = (
  name: Name,
  sign: (message: string, honest: BitcoinWorld) => string,
  parts: Partial<Liabilities> = {},
) =>
  change(({ evidence }, honest) => {
    const owed = { ...honest.owed, ...parts };
    const line = evidence.find(({ address }) => address === WALLETS[name].address)!;
    const challenge = deriveChallenge({ ...owed, blocks: honest.draft.blocks });
    const message = composeMessage(owed, challenge, line);
    evidence.splice(evidence.indexOf(line), 1, { ...line, signature: sign(message, honest) });
  });

const contentsOf = (draft: ReservesDraft) => draft.bitcoin!.get(NETWORK)!;
const out = { script: WALLETS.stranger.script, amount: 1_000n };

/** Spends otherwise after the instant, of the same wallets; the rest is honest. */
const spendOtherwise =
  (
    of: (honest: { readonly funding: Uint8Array; readonly challenge: string }) => Uint8Array,
  ): BitcoinAttack['make'] =>
  ({ owed }) => {
    const { draft, pins } = makeBitcoinWorld({
      owed,
      spends: (honest) => [
        { number: BLOCK + 1, bytes: of(honest) },
        ...(['key', 'cold', 'quiet'] as const).map((name) => ({
          number: BLOCK + 2,
          bytes: spend(
            [coinOf(honest.funding, name)],
            [out, { script: carry(honest.challenge), amount: 0n }],
          ).extract(),
        })),
      ],
    });
    return { draft, pins };
  };

const hot = (funding: Uint8Array) => [coinOf(funding, 'hot')];

/** Continues a chain alone, from one of its blocks. */
function forkFrom(honest: BitcoinWorld, number: number, spends: readonly Uint8Array[]): Miner {
  const fork = new Miner(0);
  fork.blocks.push(...honest.miner.blocks.slice(0, number + 1));
  const { buffer, byteOffset } = fork.tip.header;
  const seconds = new DataView(buffer, byteOffset + 68, 4).getUint32(0, true);
  const own = new Miner(seconds - number * 600);
  own.blocks.push(...fork.blocks);
  own.mine(spends);
  while (own.blocks.length <= TIP) own.mine();
  return own;
}

export const BITCOIN_ATTACKS: readonly BitcoinAttack[] = [
  {
    name: 'a continuation that only the platform mined, in which it spends a coin again',
    code: 'header-differs',
    make: (honest) => {
      const again = spend(hot(honest.funding), [
        { script: carry(honest.challenge), amount: 0n },
        out,
      ]).extract();
      const fork = forkFrom(honest, BLOCK, [again]);
      const transactions = sortPlaced([
        ...contentsOf(honest.draft).transactions,
        ...fork.position(BLOCK + 1, [1]),
      ]);
      const bitcoin = new Map([[NETWORK, { headers: fork.headers(19), transactions }]]);
      return { draft: { ...honest.draft, bitcoin }, pins: honest.pins };
    },
  },
  {
    name: 'a spend above the pinned tip',
    code: 'header-differs',
    make: (honest) => ({ draft: honest.draft, pins: pinsOf(honest.miner, [BLOCK, TIP - 1]) }),
  },
  {
    name: 'a spend above the pinned tip, with headers up to it',
    code: 'transaction-not-in-block',
    make: (honest) => {
      const { transactions } = contentsOf(honest.draft);
      const bitcoin = new Map([[NETWORK, { headers: honest.miner.headers(19, TIP - 1), transactions }]]);
      return { draft: { ...honest.draft, bitcoin }, pins: pinsOf(honest.miner, [BLOCK, TIP - 1]) };
    },
  },
  ...(
    [
      ['before the instant', BLOCK - 3],
      ['in the last block before the instant', BLOCK],
    ] as const
  ).map(([name, number]): BitcoinAttack => ({
    name: `a coin that was spent ${name}`,
    code: 'output-not-shown',
    make: ({ owed }) => {
      const { draft, pins } = makeBitcoinWorld({
        owed,
        before: (funding) => [{ number, bytes: spend([coinOf(funding, 'quiet')], [out]).extract() }],
        spends: ({ funding, challenge }) =>
          (['key', 'cold'] as const).map((each) => ({
            number: BLOCK + 2,
            bytes: spend([coinOf(funding, each)], [out, { script: carry(challenge), amount: 0n }]).extract(),
          })),
      });
      // Proven, and signed for: only where the spend stands is a lie.
      const entries = draft.entries.filter(
        (entry) => entry.kind !== 'output' || entry.address !== WALLETS.hot.address,
      );
      return { draft: { ...draft, entries }, pins };
    },
  })),
  {
    name: 'a coin that was made after the instant',
    code: 'output-not-shown',
    make: madeLater,
  },
  {
    name: 'an output that is not there',
    code: 'output-not-shown',
    make: withEntry('coinbase', { index: 99 }),
  },
  {
    name: 'an output whose transaction is not shown',
    code: 'output-not-shown',
    make: withEntry('coinbase', { transaction: '11'.repeat(32) }),
  },
  {
    name: 'an output whose transaction is shown in no block',
    code: 'output-not-shown',
    make: change(({ draft }, honest) => {
      const id = idOf(honest.funding);
      const { headers, transactions } = contentsOf(draft);
      const loose = transactions.map((placed) =>
        idOf(placed.bytes) === id ? { ...placed, block: null } : placed,
      );
      draft.bitcoin = new Map([[NETWORK, { headers, transactions: loose }]]);
    }),
  },
  {
    name: 'one satoshi more than the output has',
    code: 'balance-differs',
    make: withEntry('old', { amount: '10000005' }),
  },
  {
    name: 'the address of another output',
    code: 'output-not-shown',
    make: withEntry('coinbase', { address: WALLETS.stranger.address }),
  },
  {
    name: 'new coins that could not be spent yet',
    code: 'coinbase-immature',
    make: change(({ entries, draft }, { miner }) => {
      const placed = miner.position(IMMATURE, []);
      const coinbase = outputOf(entries, 'coinbase');
      entries.push({ ...coinbase, transaction: idOf(placed[0]!.bytes) });
      const { headers, transactions } = contentsOf(draft);
      draft.bitcoin = new Map([
        [NETWORK, { headers, transactions: sortPlaced([...transactions, ...placed]) }],
      ]);
    }),
  },
  {
    name: 'a spend that carries no challenge, claimed as one',
    code: 'control-not-shown',
    make: spendOtherwise(({ funding }) => spend(hot(funding), [out]).extract()),
  },
  {
    name: 'a spend that carries the challenge of another platform',
    code: 'control-not-shown',
    make: spendOtherwise(({ funding }) =>
      spend(hot(funding), [out, { script: carry('ab'.repeat(32)), amount: 0n }]).extract(),
    ),
  },
  ...(
    [
      ['no output', SigHash.NONE],
      ['one output', SigHash.SINGLE],
      ['its own input', SigHash.ALL_ANYONECANPAY],
    ] as const
  ).map(([name, sighash]): BitcoinAttack => ({
    name: `a spend signed over ${name} alone`,
    code: 'control-not-shown',
    make: spendOtherwise(({ funding, challenge }) =>
      spend(hot(funding), [out, { script: carry(challenge), amount: 0n }], { sighash }).extract(),
    ),
  })),
  {
    name: 'a spend shown with another witness than it had',
    code: 'control-not-shown',
    make: change(({ draft }) => {
      const { headers, transactions } = contentsOf(draft);
      const changed = transactions.map((placed) => {
        const bytes = placed.bytes.slice();
        const isSpend = placed.block!.number === BLOCK + 1 && placed.block!.position > 0;
        // The last bytes before the lock time are of the last key or signature.
        if (isSpend) bytes[bytes.length - 20] = bytes[bytes.length - 20]! ^ 1;
        return { ...placed, bytes };
      });
      draft.bitcoin = new Map([[NETWORK, { headers, transactions: changed }]]);
    }),
  },
  {
    name: 'a spend claimed of an output that has not moved',
    code: 'control-not-shown',
    make: change(({ entries, evidence }) => {
      const entry = outputOf(entries, 'quiet');
      entries.splice(entries.indexOf(entry), 1, { ...entry, control: 'spent' });
      evidence.splice(
        evidence.findIndex(({ address }) => address === entry.address),
        1,
      );
    }),
  },
  {
    name: 'an output claimed as proven that nobody spent',
    code: 'output-not-shown',
    make: withEntry('old', { balance: 'proven' }),
  },
  {
    name: 'an output claimed as signed for by nobody',
    code: 'control-not-shown',
    make: withEntry('coinbase', { control: 'signed' }),
  },
  {
    name: 'a signature for another platform',
    code: 'control-not-shown',
    make: withSignature('nested', signNested, { platform: 'Another' }),
  },
  {
    name: 'a signature of the last snapshot',
    code: 'control-not-shown',
    make: withSignature('nested', signNested, { snapshotHash: '77'.repeat(32) }),
  },
  {
    name: 'a signature of another instant',
    code: 'control-not-shown',
    make: withSignature('nested', signNested, { takenAt: '2026-11-27T00:00:00Z' }),
  },
  {
    name: 'a signature without its prefix',
    code: 'control-not-shown',
    make: withSignature('nested', (message) => signNested(message).slice(3)),
  },
  {
    name: 'a signature of a stranger',
    code: 'control-not-shown',
    make: withSignature('nested', (message) => signBip322('smp', message, { wallet: WALLETS.stranger })),
  },
  {
    name: 'a signature in base64 without its padding',
    code: 'signature-not-canonical',
    make: withSignature('shared', (message) => {
      const signed = signBip322('ful', message, { wallet: WALLETS.shared });
      // Three letters of padding at most: one of these is none.
      return signed.endsWith('=') ? signed.replace(/=+$/, '') : `${signed.slice(0, -1)}${signed.at(-1)!}=`;
    }),
  },
  {
    name: 'a proof of funds with words of the signer in it that nothing reads',
    code: 'signature-not-canonical',
    make: withSignature('fund', (message, { funding }) =>
      signBip322('pof', message, { wallet: WALLETS.fund, coins: [coinOf(funding, 'funds')] }),
    ),
  },
  {
    name: 'a proof of BIP-127 with a script that spends nothing',
    code: 'signature-not-canonical',
    make: withSignature('proof', (message, { funding }) => signBip127(message, [coinOf(funding, 'proof')])),
  },
  {
    name: 'a proof of BIP-127 over an own output, for the address of another',
    code: 'control-not-shown',
    make: change(({ entries, evidence }, { owed, challenge, funding }) => {
      const coinbase = outputOf(entries, 'coinbase');
      entries.splice(entries.indexOf(coinbase), 1, { ...coinbase, control: 'signed' });
      const at = evidence.findIndex(({ address }) => address === WALLETS.proof.address);
      const line = { ...evidence[at]!, address: coinbase.address };
      const signature = signBip127(composeMessage(owed, challenge, line), [coinOf(funding, 'proof')]);
      evidence.splice(at, 1, { ...line, signature: formCanonical({ form: 'bip-127', signature })! });
    }),
  },
  {
    name: 'a witness that nothing reads',
    code: 'witness-not-needed',
    make: ({ draft, pins }) => ({ draft, pins }),
  },
  {
    name: 'a signature of BIP-137 of another key',
    code: 'control-not-shown',
    make: withSignature('old', (message) => signBip137(message, WALLETS.stranger)),
  },
  {
    name: 'a proof of funds over an output that is not shown',
    code: 'control-not-shown',
    make: withSignature('fund', (message) => {
      const loose = makeBitcoinWorld().miner.blocks[20]!.transactions[1]!;
      return signBip322('pof', message, {
        wallet: WALLETS.fund,
        coins: [{ wallet: WALLETS.stranger, funding: loose, index: 0 }],
      });
    }),
  },
  {
    name: 'evidence for an address of which nothing is claimed',
    code: 'evidence-not-used',
    make: withEntry('nested', { control: 'stated' }),
  },
  {
    name: 'an output again under another descriptor of its key',
    code: 'counted-twice',
    make: (honest) => {
      const entries = [...honest.draft.entries];
      const at = entries.indexOf(outputOf(entries, 'old'));
      entries.splice(at + 1, 0, { ...outputOf(entries, 'old'), address: WALLETS.nested.address });
      return { draft: { ...honest.draft, entries }, pins: honest.pins };
    },
  },
  {
    name: 'a proof of funds whose signer invents the value of what it spends',
    code: 'control-not-shown',
    make: withSignature('fund', (message, { funding }) => {
      const invented = { ...coinOf(funding, 'proof'), amount: 2_100_000_000_000_000n };
      return signBip322('pof', message, { wallet: WALLETS.fund, coins: [invented] });
    }),
  },
  {
    name: 'one output twice',
    code: 'counted-twice',
    make: (honest) => {
      const entries = [...honest.draft.entries];
      entries.splice(1, 0, entries[1]!);
      return { draft: { ...honest.draft, entries }, pins: honest.pins };
    },
  },
  ...(['address', 'ADDRESS', 'outpoint', 'chain and outpoint'] as const).map((spelling): BitcoinAttack => ({
    name: `an output again at a custodian, by its ${spelling}`,
    code: 'counted-twice',
    make: change(({ entries, draft }) => {
      const entry = outputOf(entries, 'nested');
      const quiet = outputOf(entries, 'quiet');
      const names = {
        address: entry.address,
        ADDRESS: quiet.address.toUpperCase(),
        outpoint: `${entry.transaction}:${entry.index}`,
        'chain and outpoint': `${NETWORK}:${entry.transaction.toUpperCase()}:0${entry.index}`,
      };
      draft.custodians = [{ id: 'vault', name: 'Vault' }];
      entries.push({
        kind: 'custody',
        custodian: 'vault',
        account: names[spelling],
        asset: 'BTC',
        amount: '5',
        level: 'stated',
        encumbrance: null,
      });
    }),
  })),
  {
    name: 'an output again among what nothing is checked of',
    code: 'counted-twice',
    make: change(({ entries }) => {
      const { address } = outputOf(entries, 'old');
      entries.push({
        kind: 'other',
        chain: NETWORK,
        account: address,
        asset: 'BTC',
        amount: '5',
        encumbrance: null,
      });
    }),
  },
  {
    name: 'bitcoin counted as another asset',
    code: 'asset-differs',
    make: withEntry('old', { asset: 'ETH' }),
  },
  {
    name: 'a gap between two headers',
    code: 'header-chain-broken',
    make: withHeaders((headers) => concatBytes(headers.slice(0, 80 * 50), headers.slice(80 * 51))),
  },
  {
    name: 'a header without its work',
    code: 'work-too-low',
    make: withHeaders((headers) => {
      const changed = headers.slice();
      for (let nonce = 0; ; nonce++) {
        changed.set(littleEndian(nonce, 4), changed.length - 4);
        if (!isWorked(changed.subarray(-80))) return changed;
      }
    }),
  },
  {
    name: 'work below the floor of the pins',
    code: 'work-too-low',
    make: ({ draft, pins }) => ({
      draft,
      pins: { ...pins, bitcoin: [{ ...pins.bitcoin![0]!, easiestBits: '1d00ffff' }] },
    }),
  },
  {
    name: 'a header whose target is more than any hash',
    code: 'work-too-low',
    make: withHeaders((headers) => {
      const changed = headers.slice();
      changed.set(littleEndian(0x2200ffff, 4), changed.length - 8);
      return changed;
    }),
  },
  {
    name: 'too few headers for the median of eleven',
    code: 'header-differs',
    make: (honest) => {
      const bitcoin = new Map([
        [NETWORK, { ...contentsOf(honest.draft), headers: honest.miner.headers(BLOCK - 9) }],
      ]);
      return { draft: { ...honest.draft, bitcoin }, pins: honest.pins };
    },
  },
  {
    name: 'another block than the pinned one',
    code: 'block-differs',
    make: (honest) => ({ draft: honest.draft, pins: pinsOf(honest.miner, [BLOCK - 1, TIP]) }),
  },
  {
    name: 'a block that is not the last at or before the instant',
    code: 'block-not-at-instant',
    make: ({ draft, pins, miner }) => {
      const blocks = [{ chain: NETWORK, number: BLOCK - 1, hash: miner.hashOf(BLOCK - 1) }];
      return {
        draft: { ...draft, blocks },
        pins: { ...pins, bitcoin: pinsOf(miner, [BLOCK - 1, TIP]).bitcoin },
      };
    },
  },
  {
    name: 'a block that the reader did not pin',
    code: 'block-not-pinned',
    make: ({ draft, pins }) => ({
      draft,
      pins: { ...pins, bitcoin: [{ ...pins.bitcoin![0]!, block: null }] },
    }),
  },
  {
    name: 'another place in its block',
    code: 'transaction-not-in-block',
    make: withPlaces((block) => ({ ...block, position: block.position ^ 1 })),
  },
  {
    name: 'the place of the copy that an odd row has of its last transaction (CVE-2012-2459)',
    code: 'transaction-not-in-block',
    // The branch leads to the root from there as well: the copy is hashed as if it were a transaction.
    make: withPlaces((block) => (block.position === 2 ? { ...block, position: 3 } : block)),
  },
  {
    name: 'a branch that is longer than that of the block’s coins',
    code: 'transaction-not-in-block',
    make: withPlaces((block) => ({ ...block, branch: [...block.branch, new Uint8Array(32)] })),
  },
  {
    name: 'no transaction that makes the block’s coins',
    code: 'transaction-not-in-block',
    make: change(({ draft }) => {
      const { headers, transactions } = contentsOf(draft);
      const some = transactions.filter(({ block }) => block!.number !== 20 || block!.position !== 0);
      draft.bitcoin = new Map([[NETWORK, { headers, transactions: some }]]);
    }),
  },
  {
    name: 'two hashes of a block as a transaction of 64 bytes',
    code: 'transaction-malformed',
    make: (honest) => innerNodeAttack(honest),
  },
  {
    name: 'a transaction one row below the others, in one of 64 bytes (CVE-2017-12842)',
    code: 'transaction-not-in-block',
    make: (honest) => deeperAttack(honest),
  },
  {
    name: 'a transaction twice',
    code: 'transactions-not-sorted',
    make: withTransactions((transactions) => [transactions[0]!, ...transactions]),
  },
  {
    name: 'transactions in another order',
    code: 'transactions-not-sorted',
    make: withTransactions((transactions) => [...transactions].reverse()),
  },
  {
    name: 'a transaction that nothing needs',
    code: 'transaction-not-needed',
    make: change(({ draft }, { miner }) => {
      const { headers, transactions } = contentsOf(draft);
      const more = sortPlaced([...transactions, ...miner.position(20, [1])]);
      draft.bitcoin = new Map([[NETWORK, { headers, transactions: more }]]);
    }),
  },
  {
    name: 'bytes behind a transaction',
    code: 'transaction-malformed',
    make: withTransactions((transactions) =>
      transactions.map((placed) => ({ ...placed, bytes: concatBytes(placed.bytes, Uint8Array.of(0)) })),
    ),
  },
];

/** What only looks like a lie, and is none. */
export type BitcoinTwin = { readonly name: string; readonly make: BitcoinAttack['make'] };

export const BITCOIN_TWINS: readonly BitcoinTwin[] = [
  {
    name: 'outputs of Bitcoin, proven by spends and signed for',
    make: ({ draft, pins }) => ({ draft, pins }),
  },
  {
    name: 'new coins that could be spent in the next block, of an address that has others',
    make: change(({ entries, draft }, { miner }) => {
      const placed = miner.position(MATURE, []);
      const coinbase = outputOf(entries, 'coinbase');
      entries.push({ ...coinbase, transaction: idOf(placed[0]!.bytes) });
      const { headers, transactions } = contentsOf(draft);
      draft.bitcoin = new Map([
        [NETWORK, { headers, transactions: sortPlaced([...transactions, ...placed]) }],
      ]);
    }),
  },
  {
    name: 'an output at a custodian that is not in the list',
    make: change(({ entries, draft }) => {
      const { transaction, index } = outputOf(entries, 'nested');
      draft.custodians = [{ id: 'vault', name: 'Vault' }];
      for (const account of [`${transaction}:${index + 90}`, makeWallet('p2wpkh', 'at a custodian').address])
        entries.push({
          ...{ kind: 'custody', custodian: 'vault', account, asset: 'BTC', amount: '5' },
          ...{ level: 'stated', encumbrance: null },
        });
    }),
  },
  {
    name: 'headers that begin before the first that is needed',
    make: change(({ draft }, { miner }) => {
      const { transactions } = contentsOf(draft);
      draft.bitcoin = new Map([[NETWORK, { headers: miner.headers(0), transactions }]]);
    }),
  },
];

function signNested(message: string): string {
  return signBip322('smp', message, { wallet: WALLETS.nested });
}

/** Whether a header has the easiest work there is: the top bit of its hash is not set. */
function isWorked(header: Uint8Array): boolean {
  return hashTwice(header)[31]! < 0x80;
}

function withHeaders(edit: (headers: Uint8Array) => Uint8Array): BitcoinAttack['make'] {
  return change(({ draft }) => {
    const { headers, transactions } = contentsOf(draft);
    draft.bitcoin = new Map([
      [NETWORK, { headers: { ...headers, bytes: edit(headers.bytes) }, transactions }],
    ]);
  });
}

type Transactions = NonNullable<ReturnType<typeof contentsOf>>['transactions'];

function withTransactions(edit: (transactions: Transactions) => Transactions): BitcoinAttack['make'] {
  return change(({ draft }) => {
    const { headers, transactions } = contentsOf(draft);
    draft.bitcoin = new Map([[NETWORK, { headers, transactions: edit(transactions) }]]);
  });
}

function withPlaces(
  edit: (block: NonNullable<Transactions[number]['block']>) => NonNullable<Transactions[number]['block']>,
): BitcoinAttack['make'] {
  return withTransactions((transactions) =>
    transactions.map((placed) =>
      placed.block === null || placed.block.position === 0
        ? placed
        : { ...placed, block: edit(placed.block) },
    ),
  );
}

/** A coin that is made in the first block after the instant. */
function madeLater({ owed }: BitcoinWorld): { draft: ReservesDraft; pins: Pins } {
  const late = { script: WALLETS.hot.script, amount: 10_000_000n };
  const world = makeBitcoinWorld({
    owed,
    spends: ({ funding, challenge }) => {
      const mark = { script: carry(challenge), amount: 0n };
      const [first, key, cold, quiet] = (['hot', 'key', 'cold', 'quiet'] as const).map((name) =>
        spend([coinOf(funding, name)], name === 'hot' ? [late, mark] : [out, mark]).extract(),
      ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
      const again = spend([{ wallet: WALLETS.hot, funding: first, index: 0 }], [out, mark]).extract();
      return [
        { number: BLOCK + 1, bytes: first },
        { number: BLOCK + 2, bytes: again },
        ...[key, cold, quiet].map((bytes) => ({ number: BLOCK + 3, bytes })),
      ];
    },
  });
  const first = world.miner.blocks[BLOCK + 1]!.transactions[1]!;
  const entry = {
    ...entryOf(world.funding, 'hot', { balance: 'proven', control: 'spent' }),
    transaction: idOf(first),
    index: 0,
    amount: '10000000',
  };
  const entries = [...world.draft.entries, entry].sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1));
  return { draft: { ...world.draft, entries }, pins: world.pins };
}

/**
 * A transaction that no block has, under a leaf of 64 bytes that begins with its hash: its branch leads to the root, and is longer
 * than that of the block's coins. A miner that makes the leaf a transaction too has some 2^72 of work with it.
 */
function deeperAttack({ draft, pins, miner, ...honest }: BitcoinWorld): { draft: ReservesDraft; pins: Pins } {
  const number = 25;
  const bytes = fund([{ script: WALLETS.hot.script, amount: 10_000_000n }], 77);
  const [id, beside] = [hashTransaction(parseTransaction(bytes)), new Uint8Array(32).fill(9)];
  const fork = forkFrom({ ...honest, draft, pins, miner }, number - 1, [concatBytes(id, beside)]);
  const [coinbase] = fork.position(number, []) as [PlacedTransaction];
  const branch = [beside, hashTransaction(parseTransaction(coinbase.bytes))];
  const deeper = { bytes, block: { number, position: 2, branch } };
  const blocks = [{ chain: NETWORK, number: BLOCK, hash: fork.hashOf(BLOCK) }];
  const transactions = sortPlaced([...miner.position(20, [2]), coinbase, deeper]);
  const bitcoin = new Map([[NETWORK, { headers: fork.headers(19), transactions }]]);
  return { draft: { ...draft, blocks, bitcoin }, pins: pinsOf(fork) };
}

/** The bytes of two hashes of a block, offered as a transaction one row above the others. */
function innerNodeAttack({ draft, pins, miner }: BitcoinWorld): { draft: ReservesDraft; pins: Pins } {
  const ids = miner.blocks[20]!.transactions.map((bytes) => hashTransaction(parseTransaction(bytes)));
  const bytes = encodeStripped({
    version: 1,
    lockTime: 0,
    inputs: [{ transaction: ids[0]!, index: 0, script: new Uint8Array(), sequence: 0, witness: [] }],
    outputs: [{ amountSatoshi: 1n, script: Uint8Array.of(1, 2, 3, 4) }],
  });
  const { headers, transactions } = contentsOf(draft);
  const inner = { bytes, block: { number: 20, position: 0, branch: buildBranches(ids)(0).slice(1) } };
  return {
    draft: { ...draft, bitcoin: new Map([[NETWORK, { headers, transactions: [...transactions, inner] }]]) },
    pins,
  };
}
