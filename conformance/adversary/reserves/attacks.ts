import { secp256k1 } from '@noble/curves/secp256k1.js';

import { concatBytes, hexToBytes, utf8ToBytes } from '../../../src/protocol/index.js';
import {
  composeMessage,
  deriveChallenge,
  keyOfEvidence,
  type Evidence,
  type ReserveEntry,
  type SafeEvidence,
  type SignatureEvidence,
  type WalletEntry,
} from '../../../src/protocol/reserves/index.js';
import type { ReservesFiles, ReservesSigner } from '../../../src/reserves/index.js';
import {
  type Liabilities,
  type ReservesFailureCode,
  type ReservesUnverifiableCode,
} from '../../../src/verifier/reserves/index.js';
import {
  surveyReserves,
  type ReservesDraft,
  type ReservesSurvey,
} from '../../../src/verifier/reserves/making.js';
import { sortNodes } from '../../../src/verifier/reserves/making.js';
import { encodeHeader, hash, mappingSlot, toWord } from './chain.js';
import {
  BALANCES,
  build,
  CHAIN,
  confirm,
  CONTRACTS,
  delegationCode,
  ETHER,
  GUARD_SLOT,
  HANDLER_SLOT,
  IMPLEMENTATION_SLOT,
  KEYS,
  liabilities,
  makeWorld,
  platformKey,
  publishLie,
  ROLLUP,
  safeSlots,
  signText,
  TAKEN_SECONDS,
  type Built,
  type World,
} from './world.js';

/** A lie of the platform, signed by it, and the code that it must be refused with. */
export type Attack = {
  readonly name: string;
  readonly code: ReservesFailureCode | ReservesUnverifiableCode;
  readonly make: (honest: Honest) => Promise<Told> | Told;
};

/** What an attack starts from. */
export type Honest = {
  readonly built: Built;
  readonly survey: ReservesSurvey;
  /** The platform's own key, with which it signs its lies too. */
  readonly signer: ReservesSigner;
};

/** What a reader is given, and what they have pinned. */
export type Told = { readonly files: ReservesFiles; readonly reader: Pick<Built, 'pins' | 'world'> };

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Writable<ReservesDraft> & { entries: ReserveEntry[]; evidence: Evidence[] };

/** What every attack starts from. @param owed what a bundle shows to be owed. */
export async function makeHonest(
  owed: Liabilities = liabilities,
  signer: ReservesSigner = platformKey,
): Promise<Honest> {
  const built = await build(makeWorld(owed));
  const { pins, world } = built;
  return {
    built,
    signer,
    survey: await surveyReserves(built.draft, { pins, liabilities: world.liabilities }),
  };
}

/** Changes the draft and signs it with the honest totals and nodes. */
function redraft(
  change: (draft: Draft, honest: Honest) => void,
  options: { readonly keepOrder?: true; readonly survey?: (survey: ReservesSurvey) => ReservesSurvey } = {},
): Attack['make'] {
  return (honest) => {
    const draft = structuredClone(honest.built.draft) as Draft;
    change(draft, honest);
    const survey = options.survey?.(honest.survey) ?? honest.survey;
    return { files: publishLie(draft, survey, honest.signer), reader: honest.built };
  };
}

/** Changes the world before its chains are made, then the draft; all nodes that its makers know are in the set. */
function rebuild(
  change: (world: World) => void,
  after: (draft: Draft, built: Built) => void = () => undefined,
): Attack['make'] {
  return async ({ survey, signer, built: { world: base } }) => {
    const world = makeWorld(base.liabilities);
    change(world);
    const built = await build(world);
    const draft = structuredClone(built.draft) as Draft;
    after(draft, built);
    const nodes = new Map([...built.draft.nodes].map(([chain, pool]) => [chain, sortNodes(pool)]));
    return { files: publishLie(draft, { totals: survey.totals, nodes }, signer), reader: built };
  };
}

const walletOf = (
  draft: { entries: readonly ReserveEntry[] },
  address: string,
  contract: string | null = null,
) =>
  draft.entries.find(
    (entry): entry is WalletEntry =>
      entry.kind === 'wallet' &&
      entry.address === address &&
      entry.contract === contract &&
      entry.chain === CHAIN,
  )!;

const signatureOf = (draft: Draft, address: string, chain = CHAIN) =>
  draft.evidence.find(
    (line): line is SignatureEvidence =>
      line.kind === 'signature' && line.address === address && line.chain === chain,
  )!;

const safeOf = (draft: Draft) => draft.evidence.find((line): line is SafeEvidence => line.kind === 'safe')!;

/** Signs what a wallet signs, for a challenge that differs in one part. */
function signFor(
  change: Parameters<typeof deriveChallenge>[0] extends infer P ? Partial<P> : never,
  message: Partial<{ platform: string; takenAt: string; address: string; chain: string }> = {},
) {
  return redraft((draft, { built }) => {
    const { liabilities } = built.world;
    const challenge = deriveChallenge({ ...liabilities, blocks: draft.blocks, ...change });
    const parts = { ...liabilities, ...change, ...message };
    const wallet = { chain: CHAIN, address: KEYS.hot.address, ...message };
    signatureOf(draft, KEYS.hot.address).signature = signText(
      composeMessage(parts, challenge, wallet),
      KEYS.hot,
    );
  });
}

/** The other spelling of a signature: n - s, and the other v. */
function malleate(signature: string): string {
  const s = BigInt(`0x${signature.slice(66, 130)}`);
  const twin = (secp256k1.Point.Fn.ORDER - s).toString(16).padStart(64, '0');
  return `${signature.slice(0, 66)}${twin}${signature.endsWith('1b') ? '1c' : '1b'}`;
}

const resignSafe = (draft: Draft, built: Built, keys: readonly (typeof KEYS)['ann'][]) => {
  const message = composeMessage(built.world.liabilities, built.challenge, {
    chain: CHAIN,
    address: CONTRACTS.safe,
  });
  safeOf(draft).signatures = keys
    .map((key) => ({ owner: key.address, signature: signText(message, key), delegate: null }))
    .sort((a, b) => (a.owner < b.owner ? -1 : 1));
};

const once: readonly Attack[] = [
  {
    name: 'one wallet twice',
    code: 'counted-twice',
    make: redraft(({ entries }) => {
      const index = entries.findIndex((entry) => entry.kind === 'wallet');
      entries.splice(index, 0, entries[index]!);
    }),
  },
  {
    name: 'one wallet twice, in another case',
    code: 'account-not-canonical',
    make: redraft((draft) => {
      const entry = walletOf(draft, KEYS.hot.address);
      draft.entries.unshift({ ...entry, address: entry.address.toUpperCase().replace('X', 'x') });
    }),
  },
  {
    name: 'one token twice in a wallet, once under another asset',
    code: 'counted-twice',
    make: redraft((draft) => {
      const entry = walletOf(draft, KEYS.hot.address, CONTRACTS.usdt);
      draft.entries.splice(draft.entries.indexOf(entry) + 1, 0, { ...entry, asset: 'USDC' });
    }),
  },
  ...['0x', '0X', 'eip155:1:0x', ''].map((prefix): Attack => ({
    name: `a wallet again as an account of a custodian, spelled with ${prefix === '' ? 'nothing' : prefix} before it`,
    code: 'counted-twice',
    make: rebuild((world) => {
      world.entries.push({
        kind: 'custody',
        custodian: 'vault',
        account: `${prefix}${KEYS.hot.address.slice(2).toUpperCase()}`,
        asset: 'ETH',
        amount: '5000000000',
        level: 'attested',
        encumbrance: null,
      });
    }),
  })),
  {
    name: 'a wallet again in the list of what nothing is checked of',
    code: 'counted-twice',
    make: rebuild((world) => {
      world.entries.push({
        kind: 'other',
        chain: CHAIN,
        account: KEYS.hot.address.toUpperCase(),
        asset: 'ETH',
        amount: '1',
        encumbrance: null,
      });
    }),
  },
  {
    name: 'an account of a custodian again in the list of what nothing is checked of',
    code: 'counted-twice',
    make: rebuild((world) => {
      const other = world.entries.find((entry) => entry.kind === 'other')!;
      world.entries.push({ ...other, account: 'segregated-1', asset: 'BTC' });
    }),
  },
  {
    name: 'one address at two custodians',
    code: 'counted-twice',
    make: redraft((draft) => {
      const custody = draft.entries.find((entry) => entry.kind === 'custody')!;
      draft.custodians = [{ id: 'other', name: 'Other' }, ...draft.custodians];
      const account = KEYS.stranger.address;
      draft.entries.unshift({ ...custody, custodian: 'other', account, level: 'stated' });
      draft.entries.splice(1, 0, { ...custody, account: `eip155:1:${account}`, level: 'stated' });
    }),
  },
  {
    name: 'entries out of their order',
    code: 'entries-not-sorted',
    make: redraft(({ entries }) => entries.reverse()),
  },
  {
    name: 'a chain without a block',
    code: 'chain-not-listed',
    make: redraft((draft) => {
      const last = draft.entries.findLast((entry) => entry.kind === 'wallet')!;
      draft.entries.push({ ...last, chain: 'eip155:8453' });
    }),
  },
  {
    name: 'a custodian that is not listed',
    code: 'custodian-not-listed',
    make: redraft((draft) => {
      draft.custodians = [];
    }),
  },
  {
    name: 'an encumbrance that is not listed',
    code: 'encumbrance-not-listed',
    make: redraft((draft) => {
      draft.encumbrances = [];
    }),
  },
];

const tokens: readonly Attack[] = [
  {
    name: 'a token that only calls itself USDT',
    code: 'token-not-pinned',
    make: rebuild((world) => {
      world.accounts.set(CONTRACTS.false, {
        code: utf8ToBytes('anything'),
        storage: new Map([[mappingSlot(KEYS.hot.address, BALANCES), 10n ** 30n]]),
      });
      world.entries.push({
        ...walletOf(world, KEYS.hot.address, CONTRACTS.usdt),
        contract: CONTRACTS.false,
        amount: (10n ** 30n).toString(),
      });
    }),
  },
  {
    name: 'a token counted for another asset than it is pinned for',
    code: 'asset-differs',
    make: redraft((draft) => {
      walletOf(draft, KEYS.hot.address, CONTRACTS.usdt).asset = 'USDC';
    }),
  },
  {
    name: 'an asset that nobody is owed',
    code: 'asset-not-owed',
    make: redraft((draft) => {
      walletOf(draft, KEYS.hot.address, CONTRACTS.usdt).asset = 'DOGE';
    }),
  },
  {
    name: 'an amount of 6 decimals stated with 18',
    code: 'balance-differs',
    make: redraft((draft) => {
      walletOf(draft, KEYS.token.address, CONTRACTS.usdc).amount = (700n * 10n ** 12n).toString();
    }),
  },
  {
    name: 'a proxy upgraded between the review and the block',
    code: 'token-code-differs',
    make: rebuild((world) => {
      (world.accounts.get(CONTRACTS.usdc)!.storage as Map<string, bigint>).set(
        IMPLEMENTATION_SLOT,
        BigInt(CONTRACTS.module),
      );
    }),
  },
  {
    name: 'an implementation whose code is another',
    code: 'token-code-differs',
    make: rebuild((world) => {
      world.accounts.get(CONTRACTS.usdcCode)!.code = utf8ToBytes('mint as you like');
    }),
  },
  {
    name: 'a token whose code is another',
    code: 'token-code-differs',
    make: rebuild((world) => {
      world.accounts.get(CONTRACTS.usdt)!.code = utf8ToBytes('mint as you like');
    }),
  },
  {
    name: 'a balance with the flag of a blacklist',
    code: 'frozen',
    make: rebuild((world) => {
      (world.accounts.get(CONTRACTS.usdc)!.storage as Map<string, bigint>).set(
        mappingSlot(KEYS.token.address, BALANCES),
        (1n << 255n) + 700n,
      );
    }),
  },
  ...(['flag', 'mapping'] as const).map((how): Attack => ({
    name: `a balance that a ${how} of a blacklist stops, as one that only nodes show`,
    code: 'frozen',
    make: rebuild((world) => {
      const storage = world.accounts.get(CONTRACTS.usdc)!.storage as Map<string, bigint>;
      if (how === 'flag') storage.set(mappingSlot(KEYS.token.address, BALANCES), (1n << 255n) + 700n);
      else storage.set(mappingSlot(KEYS.token.address, 4n), 1n);
      walletOf(world, KEYS.token.address, CONTRACTS.usdc).balance = 'reproducible';
    }),
  })),
  {
    name: 'a balance in a mapping of the blacklisted',
    code: 'frozen',
    make: rebuild((world) => {
      (world.accounts.get(CONTRACTS.usdc)!.storage as Map<string, bigint>).set(
        mappingSlot(KEYS.token.address, 4n),
        1n,
      );
    }),
  },
  {
    name: 'a token that is paused',
    code: 'frozen',
    make: rebuild((world) => {
      (world.accounts.get(CONTRACTS.usdc)!.storage as Map<string, bigint>).set(toWord(5n), 0x101n);
    }),
  },
  {
    name: 'shares of a rebasing token as if they were more',
    code: 'balance-differs',
    make: redraft((draft) => {
      const entry = walletOf(draft, KEYS.staker.address, CONTRACTS.staked);
      entry.amount = (((ETHER + 1n) * 3n) / 2n + 1n).toString();
    }),
  },
  {
    name: 'a balance as proven whose layout nobody reviewed',
    code: 'token-layout-unknown',
    make: async (honest) => {
      const told = await redraft(() => undefined)(honest);
      const pinned = told.reader.pins.tokens.map((pin) => ({ ...pin, balance: null }));
      return { ...told, reader: { ...told.reader, pins: { ...told.reader.pins, tokens: pinned } } };
    },
  },
];

const control: readonly Attack[] = [
  {
    name: 'a signature for another platform',
    code: 'control-not-shown',
    make: signFor({ platform: 'Other' }),
  },
  {
    name: 'a signature of the last snapshot',
    code: 'control-not-shown',
    make: signFor({ takenAt: '2026-10-28T00:00:00Z' }),
  },
  {
    name: 'a signature for other liabilities',
    code: 'control-not-shown',
    make: signFor({ snapshotHash: '00'.repeat(32) }),
  },
  {
    name: 'a signature made before the block was there',
    code: 'control-not-shown',
    make: signFor({ blocks: [{ chain: CHAIN, hash: toWord(1n) }] }),
  },
  {
    name: 'a signature for another signing key',
    code: 'control-not-shown',
    make: signFor({ signingKey: '11'.repeat(32) }),
  },
  {
    name: 'a signature for another wallet of the same key holder',
    code: 'control-not-shown',
    make: signFor({}, { address: KEYS.token.address }),
  },
  {
    name: 'a signature for the same address on another chain',
    code: 'control-not-shown',
    make: redraft((draft) => {
      signatureOf(draft, KEYS.hot.address, ROLLUP).signature = signatureOf(draft, KEYS.hot.address).signature;
    }),
  },
  {
    name: 'a signature of a stranger',
    code: 'control-not-shown',
    make: rebuild((world) => world.owners.set(KEYS.hot.address, [KEYS.stranger])),
  },
  {
    name: 'a stranger’s wallet without a signature',
    code: 'control-not-shown',
    make: rebuild((world) => world.owners.set(KEYS.hot.address, [])),
  },
  {
    name: 'a signature whose s is in the upper half',
    code: 'signature-not-canonical',
    make: redraft((draft) => {
      const line = signatureOf(draft, KEYS.hot.address);
      line.signature = malleate(line.signature);
    }),
  },
  ...['00', '01', '02', '1d', '25', '26'].map((v): Attack => ({
    name: `a signature whose v is ${v}`,
    code: 'signature-not-canonical',
    make: redraft((draft) => {
      const line = signatureOf(draft, KEYS.hot.address);
      line.signature = `${line.signature.slice(0, -2)}${v}`;
    }),
  })),
  ...(['0'.repeat(64), secp256k1.Point.Fn.ORDER.toString(16), 'f'.repeat(64)] as const).flatMap((half) =>
    [2, 66].map((from): Attack => ({
      name: `a signature with ${from === 2 ? 'r' : 's'} = ${half.slice(0, 40)}…`,
      code: 'signature-not-canonical',
      make: redraft((draft) => {
        const line = signatureOf(draft, KEYS.hot.address);
        line.signature = `${line.signature.slice(0, from)}${half}${line.signature.slice(from + 64)}`;
      }),
    })),
  ),
  {
    name: 'a signature in the 64 bytes of EIP-2098',
    code: 'evidence-malformed',
    make: redraft((draft) => {
      const line = signatureOf(draft, KEYS.hot.address);
      line.signature = line.signature.slice(0, -2);
    }),
  },
  {
    name: 'a contract for which a stranger signs',
    code: 'contract-not-reviewed',
    make: rebuild((world) => {
      world.entries.push({ ...walletOf(world, KEYS.hot.address), address: CONTRACTS.usdt, amount: '1' });
      world.accounts.get(CONTRACTS.usdt)!.balance = 1n;
      world.owners.set(CONTRACTS.usdt, [KEYS.stranger]);
    }),
  },
  {
    name: 'a contract that says yes to any signature, as a wallet contract',
    code: 'contract-not-reviewed',
    make: rebuild((world) => {
      world.accounts.get(CONTRACTS.safe)!.code = utf8ToBytes('isValidSignature is true');
    }),
  },
  {
    name: 'a reviewed proxy with another singleton',
    code: 'contract-not-reviewed',
    make: rebuild((world) => {
      (world.accounts.get(CONTRACTS.safe)!.storage as Map<string, bigint>).set(
        safeSlots.singleton,
        BigInt(CONTRACTS.module),
      );
    }),
  },
  {
    name: 'a reviewed proxy whose singleton has other code',
    code: 'contract-not-reviewed',
    make: rebuild((world) => {
      world.accounts.get(CONTRACTS.singleton)!.code = utf8ToBytes('another');
    }),
  },
  {
    name: 'a wallet contract that is not there yet, by owners that it will have',
    code: 'contract-not-reviewed',
    make: rebuild((world) => {
      world.accounts.set(CONTRACTS.safe, { balance: ETHER });
    }),
  },
  {
    name: 'a wallet contract as controlled by a key of one of its owners',
    code: 'control-not-shown',
    make: redraft((draft) => {
      walletOf(draft, CONTRACTS.safe).control = 'signed';
    }),
  },
  ...(
    [
      ['a module', safeSlots.modules(`0x${'1'.padStart(40, '0')}`), BigInt(CONTRACTS.module)],
      ['no list of modules', safeSlots.modules(`0x${'1'.padStart(40, '0')}`), 0n],
      ['a guard', GUARD_SLOT, BigInt(CONTRACTS.module)],
      ['a token as its fallback handler', HANDLER_SLOT, BigInt(CONTRACTS.usdt)],
      ['a threshold of 0', safeSlots.threshold, 0n],
      ['a threshold above its owners', safeSlots.threshold, 4n],
      ['a count of owners that is not theirs', safeSlots.count, 2n],
      ['owners in a circle', safeSlots.owners(KEYS.cid.address), BigInt(KEYS.ann.address)],
    ] as const
  ).map(([name, slot, value]): Attack => ({
    name: `a Safe with ${name}`,
    code: 'wallet-not-by-owners',
    make: rebuild((world) => {
      const storage = world.accounts.get(CONTRACTS.safe)!.storage as Map<string, bigint>;
      storage.set(slot, value);
      // A module is in the list and ends it, as Safe links it.
      storage.set(safeSlots.modules(CONTRACTS.module), 1n);
    }),
  })),
  {
    name: 'a Safe with one owner too few',
    code: 'control-not-shown',
    make: redraft((draft, { built }) => {
      resignSafe(draft, built, [KEYS.ann]);
    }),
  },
  {
    name: 'a Safe with one owner twice',
    code: 'evidence-malformed',
    make: redraft((draft, { built }) => {
      resignSafe(draft, built, [KEYS.ann, KEYS.ann]);
    }),
  },
  {
    name: 'a Safe with one owner’s signature under two names',
    code: 'control-not-shown',
    make: redraft((draft, { built }) => {
      resignSafe(draft, built, [KEYS.ann, KEYS.cid]);
      const { signatures } = safeOf(draft);
      signatures[1]!.signature = signatures[0]!.signature;
    }),
  },
  {
    name: 'a Safe with an owner and a stranger',
    code: 'control-not-shown',
    make: redraft((draft, { built }) => {
      resignSafe(draft, built, [KEYS.ann, KEYS.stranger]);
    }),
  },
  {
    name: 'a Safe whose threshold a stranger overfills',
    code: 'control-not-shown',
    make: redraft((draft, { built }) => {
      resignSafe(draft, built, [KEYS.ann, KEYS.bob, KEYS.stranger]);
    }),
  },
  {
    name: 'an account that another contract may move, without saying so',
    code: 'contract-not-reviewed',
    make: redraft((draft) => {
      signatureOf(draft, KEYS.smart.address).delegate = null;
    }),
  },
  {
    name: 'an account with a delegate as controlled by its key alone',
    code: 'control-not-shown',
    make: redraft((draft) => {
      walletOf(draft, KEYS.smart.address).control = 'signed';
    }),
  },
  {
    name: 'an account with a delegate that nobody reviewed',
    code: 'contract-not-reviewed',
    make: rebuild(
      (world) => {
        world.accounts.get(KEYS.smart.address)!.code = delegationCode(CONTRACTS.module);
      },
      (draft) => {
        signatureOf(draft, KEYS.smart.address).delegate = CONTRACTS.module;
      },
    ),
  },
  {
    name: 'an account with a reviewed delegate whose code has changed',
    code: 'contract-not-reviewed',
    make: rebuild((world) => {
      world.accounts.get(CONTRACTS.delegate)!.code = utf8ToBytes('another');
    }),
  },
  {
    name: 'a key’s wallet as one of owners',
    code: 'control-not-shown',
    make: redraft((draft) => {
      walletOf(draft, KEYS.hot.address).control = 'owners';
    }),
  },
  {
    name: 'evidence for a wallet that claims nothing',
    code: 'evidence-not-used',
    make: redraft((draft) => {
      walletOf(draft, KEYS.smart.address).control = 'stated';
    }),
  },
  {
    name: 'evidence of two kinds for one wallet',
    code: 'evidence-not-used',
    make: redraft((draft) => {
      const second = { ...signatureOf(draft, KEYS.hot.address), address: CONTRACTS.safe };
      draft.evidence.push(second);
      draft.evidence.sort((a, b) => (keyOfEvidence(a) < keyOfEvidence(b) ? -1 : 1));
    }),
  },
  {
    name: 'a custodian whose key nobody pinned',
    code: 'custodian-not-pinned',
    make: async (honest) => {
      const told = await redraft(() => undefined)(honest);
      return { ...told, reader: { ...told.reader, pins: { ...told.reader.pins, custodians: [] } } };
    },
  },
  {
    name: 'a confirmation for another snapshot',
    code: 'confirmation-invalid',
    make: redraft((draft, { built }) => {
      draft.evidence[0] = confirm(built.world, '00'.repeat(32));
    }),
  },
  {
    name: 'a wallet that the custodian does not confirm',
    code: 'control-not-shown',
    make: redraft((draft, { built }) => {
      const without = {
        ...built.world,
        entries: built.world.entries.filter(({ kind }) => kind !== 'wallet'),
      };
      draft.evidence[0] = confirm(without, built.challenge);
    }),
  },
  {
    name: 'more than the custodian confirms',
    code: 'amount-not-confirmed',
    make: redraft((draft) => {
      draft.entries.find((entry) => entry.kind === 'custody')!.amount = '150000001';
    }),
  },
];

const state: readonly Attack[] = [
  {
    name: 'one unit more than the state holds',
    code: 'balance-differs',
    make: redraft((draft) => {
      walletOf(draft, KEYS.hot.address).amount = (5n * ETHER + 124n).toString();
    }),
  },
  {
    name: 'one unit less than the state holds',
    code: 'balance-differs',
    make: redraft((draft) => {
      walletOf(draft, KEYS.hot.address).amount = (5n * ETHER + 122n).toString();
    }),
  },
  {
    name: 'an account that is not there',
    code: 'balance-differs',
    make: rebuild((world) => {
      world.entries.push({ ...walletOf(world, KEYS.hot.address), address: KEYS.stranger.address });
      world.owners.set(KEYS.stranger.address, [KEYS.stranger]);
    }),
  },
  {
    name: 'a token balance of an address that has none',
    code: 'balance-differs',
    make: rebuild((world) => {
      world.entries.push({
        ...walletOf(world, KEYS.hot.address, CONTRACTS.usdt),
        address: KEYS.staker.address,
        amount: '1',
      });
    }),
  },
  {
    name: 'the state of a later block',
    code: 'node-missing',
    make: async (honest) => {
      const richer = makeWorld(honest.built.world.liabilities);
      richer.accounts.get(KEYS.hot.address)!.balance = 50n * ETHER;
      walletOf(richer, KEYS.hot.address).amount = (50n * ETHER).toString();
      const lie = await build(richer);
      const { nodes, totals } = await surveyReserves(lie.draft, {
        pins: lie.pins,
        liabilities: richer.liabilities,
      });
      const draft = { ...honest.built.draft, entries: lie.draft.entries };
      return { files: publishLie(draft, { totals, nodes }, honest.signer), reader: honest.built };
    },
  },
  {
    name: 'another block than the pinned one',
    code: 'block-differs',
    make: redraft((draft) => {
      draft.blocks = draft.blocks.map((block) => ({ ...block, hash: toWord(5n) }));
    }),
  },
  {
    name: 'a chain of which the reader pinned no block',
    code: 'block-not-pinned',
    make: async (honest) => {
      const told = await redraft(() => undefined)(honest);
      const chains = told.reader.pins.chains.map((pin) => ({ ...pin, block: null }));
      return { ...told, reader: { ...told.reader, pins: { ...told.reader.pins, chains } } };
    },
  },
  {
    name: 'the pinned hash with the header of another block',
    code: 'header-differs',
    make: redraft((draft) => {
      const block = encodeHeader({
        parent: new Uint8Array(32),
        root: new Uint8Array(32),
        number: 1000,
        time: TAKEN_SECONDS - 5,
      });
      draft.headers = new Map([...draft.headers, [CHAIN, { ...draft.headers.get(CHAIN)!, block }]]);
    }),
  },
  {
    name: 'another number than the header has',
    code: 'header-differs',
    make: redraft((draft) => {
      draft.blocks = draft.blocks.map((block) => ({ ...block, number: block.number + 1 }));
    }),
  },
  {
    name: 'a next header of the platform’s own making',
    code: 'header-differs',
    make: redraft((draft, { built }) => {
      const { hash: parent } = built.chains.get(CHAIN)!;
      const next = encodeHeader({
        parent: hexToBytes(parent.slice(2)),
        root: new Uint8Array(32),
        number: 1001,
        time: TAKEN_SECONDS + 1,
      });
      draft.headers = new Map([...draft.headers, [CHAIN, { ...draft.headers.get(CHAIN)!, next }]]);
    }),
  },
  {
    name: 'a pinned next block that does not follow',
    code: 'header-differs',
    make: async (honest) => {
      const { built } = honest;
      const next = encodeHeader({
        parent: new Uint8Array(32),
        root: new Uint8Array(32),
        number: 1001,
        time: TAKEN_SECONDS + 1,
      });
      const told = await redraft((draft) => {
        draft.headers = new Map([...draft.headers, [CHAIN, { ...draft.headers.get(CHAIN)!, next }]]);
      })(honest);
      const chains = built.pins.chains.map((pin) =>
        pin.chain === CHAIN ? { ...pin, block: { ...pin.block!, nextHash: hash(next) } } : pin,
      );
      return { ...told, reader: { ...built, pins: { ...built.pins, chains } } };
    },
  },
  ...(
    [
      ['before it', '2026-11-28T00:00:02Z', '2026-11-28T00:00:09Z'],
      ['after it', '2026-11-27T23:59:54Z', '2026-11-27T23:59:54Z'],
    ] as const
  ).map(([name, , takenAt]): Attack => ({
    name: `a block that is not the last at the instant but one ${name}`,
    code: 'block-not-at-instant',
    make: async (honest) => {
      const { built } = honest;
      const world = { ...built.world, liabilities: { ...built.world.liabilities, takenAt } };
      const told = await redraft((draft) => {
        draft.takenAt = takenAt;
      })(honest);
      return { ...told, reader: { ...built, world } };
    },
  })),
  {
    name: 'a node too few',
    code: 'node-missing',
    make: redraft(() => undefined, {
      survey: ({ totals, nodes }) => ({
        totals,
        nodes: new Map([...nodes].map(([chain, list]) => [chain, list.slice(1)])),
      }),
    }),
  },
  {
    name: 'a node that nothing needs',
    code: 'node-not-reached',
    make: (honest) => {
      const { draft } = honest.built;
      const nodes = new Map([...draft.nodes].map(([chain, pool]) => [chain, sortNodes(pool)]));
      return { files: publishLie(draft, { ...honest.survey, nodes }, honest.signer), reader: honest.built };
    },
  },
  {
    name: 'a node twice',
    code: 'nodes-not-sorted',
    make: redraft(() => undefined, {
      survey: ({ totals, nodes }) => ({
        totals,
        nodes: new Map([...nodes].map(([chain, list]) => [chain, [list[0]!, ...list]])),
      }),
    }),
  },
  {
    name: 'nodes out of their order',
    code: 'nodes-not-sorted',
    make: redraft(() => undefined, {
      survey: ({ totals, nodes }) => ({
        totals,
        nodes: new Map([...nodes].map(([chain, list]) => [chain, list.toReversed()])),
      }),
    }),
  },
  {
    name: 'no state at all',
    code: 'node-missing',
    make: redraft(() => undefined, {
      survey: ({ totals }) => ({
        totals,
        nodes: new Map([
          [CHAIN, []],
          [ROLLUP, []],
        ]),
      }),
    }),
  },
];

const origin: readonly Attack[] = [
  {
    name: 'reserves for another manifest',
    code: 'reserves-of-other-manifest',
    make: redraft((draft) => {
      draft.manifestHash = '00'.repeat(32);
    }),
  },
  ...(['platform', 'takenAt', 'snapshotHash'] as const).map((field): Attack => ({
    name: `reserves that say another ${field} than their manifest`,
    code: 'reserves-of-other-snapshot',
    make: redraft((draft) => {
      draft[field] = { platform: 'Other', takenAt: '2026-11-27T00:00:00Z', snapshotHash: '00'.repeat(32) }[
        field
      ];
    }),
  })),
  {
    name: 'reserves changed after they were signed',
    code: 'signature-invalid',
    make: ({ built, survey, signer }) => {
      const files = new Map(publishLie(built.draft, survey, signer));
      const text = new TextDecoder().decode(files.get('reserves.json'));
      files.set('reserves.json', utf8ToBytes(text.replace('collateral of a loan', 'collateral of a bond')));
      return { files, reader: built };
    },
  },
  {
    name: 'reserves signed under another key',
    code: 'signing-key-not-pinned',
    make: ({ built, survey, signer }) => {
      const liabilities = { ...built.world.liabilities, signingKey: '11'.repeat(32) };
      return {
        files: publishLie(built.draft, survey, signer),
        reader: { ...built, world: { ...built.world, liabilities } },
      };
    },
  },
  {
    name: 'a total that is more than the entries',
    code: 'reserves-totals-differ',
    make: redraft(() => undefined, {
      survey: ({ totals, nodes }) => {
        const more = structuredClone(totals) as { cells: { amount: string }[] }[];
        more[0]!.cells[0]!.amount += '0';
        return { totals: more as typeof totals, nodes };
      },
    }),
  },
  {
    name: 'a pledged amount as free',
    code: 'reserves-totals-differ',
    make: redraft((draft) => {
      walletOf(draft, KEYS.pledged.address).encumbrance = null;
    }),
  },
  {
    name: 'a proven amount that its total counts as stated',
    code: 'reserves-totals-differ',
    make: redraft((draft) => {
      walletOf(draft, KEYS.hot.address).balance = 'reproducible';
    }),
  },
];

const forms: readonly Attack[] = [
  ...(['1.5', '-1', '01', '0', '1e18', '0x1', ' 1', '1'.repeat(79)] as const).map((amount): Attack => ({
    name: `the amount ${amount.slice(0, 20)}`,
    code: 'reserve-amount-malformed',
    make: redraft((draft) => {
      walletOf(draft, KEYS.hot.address).amount = amount;
    }),
  })),
  {
    name: 'a field that no entry has',
    code: 'entry-malformed',
    make: redraft((draft) => {
      (walletOf(draft, KEYS.hot.address) as { extra?: number }).extra = 1;
    }),
  },
  {
    name: 'a custodian’s name on a wallet of one’s own',
    code: 'entry-malformed',
    make: redraft((draft) => {
      walletOf(draft, KEYS.hot.address).custodian = 'vault';
    }),
  },
  {
    name: 'an entry of a kind of later versions',
    code: 'entry-malformed',
    make: redraft((draft) => {
      (walletOf(draft, KEYS.hot.address) as { kind: string }).kind = 'output';
    }),
  },
  ...(['entries.ndjson', 'evidence.ndjson', 'headers.eip155-1.bin', 'state.eip155-1.bin'] as const).flatMap(
    (name): Attack[] => [
      {
        name: `${name} cut short`,
        code: 'file-size-differs',
        make: edit(name, (bytes) => bytes.slice(0, -1)),
      },
      {
        name: `${name} with a byte more`,
        code: 'file-size-differs',
        make: edit(name, (bytes) => concatBytes(bytes, Uint8Array.of(10))),
      },
      {
        name: `${name} with another byte`,
        code: 'file-hash-differs',
        make: edit(name, (bytes) => bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1)),
      },
    ],
  ),
];

/** Changes a file that others have signed. */
function edit(name: string, change: (bytes: Uint8Array) => Uint8Array): Attack['make'] {
  return ({ built, survey, signer }) => {
    const files = new Map(publishLie(built.draft, survey, signer));
    files.set(name, change(files.get(name)!));
    return { files, reader: built };
  };
}

export const ATTACKS: readonly Attack[] = [...once, ...tokens, ...control, ...state, ...origin, ...forms];
