import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../../src/protocol/index.js';
import {
  composeMessage,
  confirmationMessage,
  deriveChallenge,
  joinKey,
  keyOfEntry,
  keyOfEvidence,
  type Evidence,
  type Pins,
  type ReserveEntry,
  type WalletEntry,
} from '../../../src/protocol/reserves/index.js';
import {
  encodeReservesDirectory,
  type ReservesFiles,
  type ReservesSigner,
} from '../../../src/reserves/index.js';
import {
  verifyReserves,
  type Liabilities,
  type ReservesSource,
  type VerifyReservesOptions,
} from '../../../src/verifier/reserves/index.js';
import {
  surveyReserves,
  type ReservesDraft,
  type ReservesSurvey,
} from '../../../src/verifier/reserves/making.js';
import { hash, makeChain, mappingSlot, toWord, type MadeAccount, type MadeChain } from './chain.js';

export const CHAIN = 'eip155:1';
export const ROLLUP = 'eip155:10';
export const TAKEN_AT = '2026-11-28T00:00:00Z';
export const TAKEN_SECONDS = Date.parse(TAKEN_AT) / 1000;
/** Seconds from the instant of a world to its block and to the next. */
const [BEFORE, AFTER] = [-5, 7];

/** A key of a wallet, for tests alone. */
export type WalletKey = { readonly secret: Uint8Array; readonly address: string };

export function makeKey(name: string): WalletKey {
  const secret = keccak_256(utf8ToBytes(`solvent test key ${name}`));
  const publicKey = secp256k1.getPublicKey(secret, false);
  return { secret, address: hash(publicKey.subarray(1)).replace(/^0x.{24}/, '0x') };
}

/** `personal_sign` of a text by a key: r, s and v. */
export function signText(
  text: string,
  { secret }: WalletKey,
  prefix = '\x19Ethereum Signed Message:\n',
): string {
  const bytes = utf8ToBytes(text);
  const digest = keccak_256(concatBytes(utf8ToBytes(`${prefix}${bytes.length}`), bytes));
  const signature = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' });
  return `0x${bytesToHex(signature.subarray(1))}${(signature[0]! + 27).toString(16)}`;
}

export const platformKey = makeEd25519('platform');
export const custodianKey = makeEd25519('vault');

function makeEd25519(name: string) {
  const secret = keccak_256(utf8ToBytes(`solvent test signer ${name}`));
  return {
    publicKey: bytesToHex(ed25519.getPublicKey(secret)),
    sign: (message: Uint8Array) => ed25519.sign(message, secret),
  };
}

export const liabilities: Liabilities = {
  platform: 'Example Exchange',
  takenAt: TAKEN_AT,
  snapshotHash: '5a'.repeat(32),
  manifestHash: '3c'.repeat(32),
  manifestHashCompared: false,
  signingKey: platformKey.publicKey,
  trustHash: null,
  insecure: false,
  assets: [
    { asset: 'BTC', decimals: 8, equityUnits: 150_000_000n, debtUnits: 0n },
    { asset: 'ETH', decimals: 9, equityUnits: 8_000_000_000n, debtUnits: 1_000_000_000n },
    { asset: 'USDT', decimals: 6, equityUnits: 2_000_000n, debtUnits: 0n },
    { asset: 'USDC', decimals: 6, equityUnits: 700n, debtUnits: 0n },
    { asset: 'SOL', decimals: 9, equityUnits: 5n, debtUnits: 0n },
  ],
};

const at = (name: string) => makeKey(`contract ${name}`).address;
const codeOf = (name: string) => utf8ToBytes(`code of ${name}`);
const SENTINEL = `0x${'1'.padStart(40, '0')}`;
export const GUARD_SLOT = hash(utf8ToBytes('guard_manager.guard.address'));
export const HANDLER_SLOT = hash(utf8ToBytes('fallback_manager.handler.address'));
export const IMPLEMENTATION_SLOT = toWord(BigInt(hash(utf8ToBytes('eip1967.proxy.implementation'))) - 1n);
export const BALANCES = 3n;
const [POOLED, TOTAL] = [toWord(11n), toWord(12n)];

export const KEYS = Object.fromEntries(
  ['hot', 'token', 'staker', 'ann', 'bob', 'cid', 'smart', 'kept', 'pledged', 'stranger'].map((name) => [
    name,
    makeKey(name),
  ]),
) as Record<
  'hot' | 'token' | 'staker' | 'ann' | 'bob' | 'cid' | 'smart' | 'kept' | 'pledged' | 'stranger',
  WalletKey
>;

export const CONTRACTS = {
  usdt: at('usdt'),
  usdc: at('usdc'),
  usdcCode: at('usdc implementation'),
  staked: at('staked'),
  safe: at('safe'),
  singleton: at('singleton'),
  handler: at('handler'),
  delegate: at('delegate'),
  module: at('module'),
  false: at('a token that says it is USDT'),
} as const;

/** What the chain holds, changed by a case before it is made. */
export type World = {
  readonly accounts: Map<string, MadeAccount>;
  readonly rollup: Map<string, MadeAccount>;
  pins: Pins;
  entries: ReserveEntry[];
  /** Who signs for which wallet; a case may let another. */
  readonly owners: Map<string, WalletKey[]>;
  liabilities: Liabilities;
};

export const safeSlots = {
  singleton: toWord(0n),
  modules: (of: string) => mappingSlot(of, 1n),
  owners: (of: string) => mappingSlot(of, 2n),
  count: toWord(3n),
  threshold: toWord(4n),
};

function safeStorage(owners: readonly WalletKey[], threshold: bigint): Map<string, bigint> {
  const chain = [SENTINEL, ...owners.map(({ address }) => address), SENTINEL];
  return new Map([
    [safeSlots.singleton, BigInt(CONTRACTS.singleton)],
    [safeSlots.modules(SENTINEL), 1n],
    [safeSlots.count, BigInt(owners.length)],
    [safeSlots.threshold, threshold],
    [HANDLER_SLOT, BigInt(CONTRACTS.handler)],
    ...chain
      .slice(0, -1)
      .map((owner, index): [string, bigint] => [safeSlots.owners(owner), BigInt(chain[index + 1]!)]),
  ]);
}

export const wallet = (
  key: { readonly address: string },
  amount: bigint,
  rest: Partial<WalletEntry> = {},
): WalletEntry => ({
  kind: 'wallet',
  chain: CHAIN,
  address: key.address,
  contract: null,
  asset: 'ETH',
  amount: amount.toString(),
  balance: 'proven',
  control: 'signed',
  custodian: null,
  encumbrance: null,
  ...rest,
});

export const ETHER = 10n ** 18n;

/** An honest platform: ether in five kinds of wallets on two chains, three kinds of tokens, a custodian and a word. */
export function makeWorld(owed: Liabilities = liabilities): World {
  const { hot, token, staker, ann, bob, cid, smart, kept, pledged } = KEYS;
  const filler = Array.from({ length: 40 }, (_, index): [string, MadeAccount] => [
    makeKey(`filler ${index}`).address,
    { balance: BigInt(index + 1) * 10n ** 15n, nonce: BigInt(index) },
  ]);
  const holders = Array.from({ length: 30 }, (_, index): [string, bigint] => [
    mappingSlot(makeKey(`holder ${index}`).address, BALANCES),
    BigInt(index + 1),
  ]);
  const accounts = new Map<string, MadeAccount>([
    ...filler,
    [hot.address, { balance: 5n * ETHER + 123n, nonce: 9n }],
    [token.address, { balance: 1n }],
    [kept.address, { balance: 2n * ETHER }],
    [pledged.address, { balance: 3n * ETHER }],
    [smart.address, { balance: ETHER, code: delegationCode(CONTRACTS.delegate) }],
    [CONTRACTS.delegate, { code: codeOf('delegate') }],
    [CONTRACTS.singleton, { code: codeOf('singleton') }],
    [CONTRACTS.handler, { code: codeOf('handler') }],
    [CONTRACTS.safe, { balance: ETHER, code: codeOf('proxy'), storage: safeStorage([ann, bob, cid], 2n) }],
    [
      CONTRACTS.usdt,
      {
        code: codeOf('usdt'),
        storage: new Map([
          ...holders,
          [mappingSlot(hot.address, BALANCES), 15n * 10n ** 17n],
          [mappingSlot(token.address, BALANCES), 6n * 10n ** 17n + 1n],
        ]),
      },
    ],
    [
      CONTRACTS.usdc,
      {
        code: codeOf('usdc proxy'),
        storage: new Map([
          ...holders,
          [IMPLEMENTATION_SLOT, BigInt(CONTRACTS.usdcCode)],
          [mappingSlot(token.address, BALANCES), 700n],
        ]),
      },
    ],
    [CONTRACTS.usdcCode, { code: codeOf('usdc implementation') }],
    [
      CONTRACTS.staked,
      {
        code: codeOf('staked'),
        storage: new Map([
          [POOLED, 3n * ETHER],
          [TOTAL, 2n * ETHER],
          [mappingSlot(staker.address, BALANCES), ETHER + 1n],
        ]),
      },
    ],
  ]);
  const rollup = new Map<string, MadeAccount>([...filler, [hot.address, { balance: 7n * 10n ** 17n }]]);
  return {
    accounts,
    rollup,
    liabilities: owed,
    pins: makePins(),
    owners: new Map([
      ...[hot, token, staker, smart, pledged].map((key): [string, WalletKey[]] => [key.address, [key]]),
      [CONTRACTS.safe, [ann, cid]],
    ]),
    entries: [
      wallet(hot, 5n * ETHER + 123n),
      wallet(hot, 15n * 10n ** 17n, { contract: CONTRACTS.usdt, asset: 'USDT' }),
      wallet(token, 6n * 10n ** 17n + 1n, { contract: CONTRACTS.usdt, asset: 'USDT' }),
      wallet(token, 700n, { contract: CONTRACTS.usdc, asset: 'USDC' }),
      wallet(staker, ((ETHER + 1n) * 3n) / 2n, { contract: CONTRACTS.staked }),
      wallet({ address: CONTRACTS.safe }, ETHER, { control: 'owners' }),
      wallet(smart, ETHER, { control: 'owners' }),
      wallet(kept, 2n * ETHER, { control: 'custodian', custodian: 'vault' }),
      wallet(pledged, 3n * ETHER, { encumbrance: 0 }),
      wallet(hot, 7n * 10n ** 17n, { chain: ROLLUP }),
      {
        kind: 'custody',
        custodian: 'vault',
        account: 'segregated-1',
        asset: 'BTC',
        amount: '150000000',
        level: 'attested',
        encumbrance: null,
      },
      {
        kind: 'other',
        chain: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
        account: '7Np41oeYqPefeNQEHSv1UDhYrehxin3NStELsSKCT4K2',
        asset: 'SOL',
        amount: '5',
        encumbrance: null,
      },
    ],
  };
}

export function delegationCode(delegate: string): Uint8Array {
  return hexToBytes(`ef0100${delegate.slice(2)}`);
}

function makePins(): Pins {
  const native = { asset: 'ETH', decimals: 18, kind: 'issued' } as const;
  const mapping = { layout: { kind: 'solidity', slot: toWord(BALANCES) }, rule: { kind: 'plain' } } as const;
  const token = (name: 'usdt' | 'usdc' | 'staked', asset: string, decimals: number) => ({
    chain: CHAIN,
    contract: CONTRACTS[name],
    asset,
    decimals,
    kind: 'issued' as const,
    issuer: 'a test',
    codeHash: hash(codeOf(name)),
    proxy: null,
    balance: mapping,
    freezes: [],
  });
  const tokens: Pins['tokens'] = [
    token('usdt', 'USDT', 18),
    {
      ...token('usdc', 'USDC', 6),
      codeHash: hash(codeOf('usdc proxy')),
      proxy: {
        slot: IMPLEMENTATION_SLOT,
        implementation: CONTRACTS.usdcCode,
        codeHash: hash(codeOf('usdc implementation')),
      },
      balance: { ...mapping, rule: { kind: 'flag-in-bit-255' } },
      freezes: [
        { kind: 'account', layout: { kind: 'solidity', slot: toWord(4n) } },
        { kind: 'contract', slot: toWord(5n), mask: toWord(0xffn) },
      ],
    },
    {
      ...token('staked', 'ETH', 18),
      kind: 'staked',
      balance: { ...mapping, rule: { kind: 'shares', pooledSlot: POOLED, totalSlot: TOTAL } },
    },
  ];
  return {
    format: 'solvent/pins/v1',
    chains: [
      { chain: CHAIN, native, block: null, settlement: null },
      { chain: ROLLUP, native, block: null, settlement: 'settles on eip155:1' },
    ],
    tokens: tokens.sort((a, b) => (a.contract < b.contract ? -1 : 1)),
    wallets: [
      {
        kind: 'safe',
        name: 'Safe for tests',
        proxyCodeHashes: [hash(codeOf('proxy'))],
        singleton: CONTRACTS.singleton,
        singletonCodeHash: hash(codeOf('singleton')),
        handlers: [{ address: CONTRACTS.handler, codeHash: hash(codeOf('handler')) }],
      },
    ],
    delegates: [{ address: CONTRACTS.delegate, codeHash: hash(codeOf('delegate')), name: 'a test' }],
    custodians: [{ id: 'vault', name: 'Vault', signingKey: custodianKey.publicKey }],
  };
}

/** A world whose chains are made: the caller's pins with their blocks, and the platform's draft. */
export type Built = {
  readonly world: World;
  readonly chains: ReadonlyMap<string, MadeChain>;
  pins: Pins;
  draft: ReservesDraft;
  readonly challenge: string;
};

/** Makes the chains of a world, pins their blocks, and signs for what the entries claim. */
export async function build(world: World): Promise<Built> {
  const takenSeconds = Date.parse(world.liabilities.takenAt) / 1000;
  const times = (timeSeconds: number, nextSeconds: number) => ({
    timeSeconds: takenSeconds + timeSeconds,
    nextSeconds: takenSeconds + nextSeconds,
  });
  const made = new Map([
    [CHAIN, await makeChain(world.accounts, times(BEFORE, AFTER))],
    [ROLLUP, await makeChain(world.rollup, { number: 5000, ...times(0, 2) })],
  ]);
  const chains = new Map(
    [...made].filter(([chain]) =>
      world.entries.some((entry) => entry.kind === 'wallet' && entry.chain === chain),
    ),
  );
  const pins: Pins = {
    ...world.pins,
    chains: world.pins.chains.map((pin) => {
      const { hash: blockHash, nextHash } = made.get(pin.chain)!;
      return { ...pin, block: { hash: blockHash, nextHash } };
    }),
  };
  const { platform, takenAt, snapshotHash, signingKey, manifestHash } = world.liabilities;
  const blocks = [...chains].map(([chain, { number, hash: blockHash }]) => ({
    chain,
    number,
    hash: blockHash,
  }));
  const challenge = deriveChallenge({ platform, takenAt, snapshotHash, signingKey, blocks });
  const draft: ReservesDraft = {
    format: 'solvent/reserves/v1',
    purpose: 'snapshot',
    platform,
    takenAt,
    manifestHash,
    snapshotHash,
    previousReservesHash: null,
    blocks,
    custodians: [{ id: 'vault', name: 'Vault' }],
    encumbrances: [{ kind: 'pledged', note: 'collateral of a loan', until: null }],
    entries: [...world.entries].sort((a, b) => (keyOfEntry(a) < keyOfEntry(b) ? -1 : 1)),
    evidence: makeEvidence(world, challenge),
    headers: new Map([...chains].map(([chain, { headers }]) => [chain, headers])),
    nodes: new Map(
      await Promise.all(
        [...chains].map(async ([chain, { prove }]): Promise<[string, Uint8Array[]]> => {
          const accounts = chain === CHAIN ? world.accounts : world.rollup;
          return [chain, await proveAll(world, accounts, prove)];
        }),
      ),
    ),
  };
  return { world, chains, pins, draft, challenge };
}

async function proveAll(
  { owners, entries }: World,
  accounts: ReadonlyMap<string, MadeAccount>,
  prove: MadeChain['prove'],
): Promise<Uint8Array[]> {
  const addresses = new Set<string>([...accounts.keys()].filter((address) => !isFiller(address)));
  for (const keys of owners.values()) for (const { address } of keys) addresses.add(address);
  for (const entry of entries) if (entry.kind === 'wallet') addresses.add(entry.address);
  const nodes: Uint8Array[] = [];
  for (const address of addresses) {
    const slots = [...(accounts.get(address)?.storage?.keys() ?? [])];
    // A walk through an empty storage reads no node.
    if (slots.length === 0) {
      nodes.push(...(await prove(address)));
      continue;
    }
    const tokenSlots = [...addresses].flatMap((holder) => [
      mappingSlot(holder, BALANCES),
      mappingSlot(holder, 4n),
    ]);
    const extra = [
      IMPLEMENTATION_SLOT,
      GUARD_SLOT,
      HANDLER_SLOT,
      POOLED,
      TOTAL,
      safeSlots.modules(SENTINEL),
      toWord(5n),
    ];
    nodes.push(...(await prove(address, [...slots, ...tokenSlots, ...extra])));
  }
  return nodes;
}

const FILLERS = new Set(Array.from({ length: 40 }, (_, index) => makeKey(`filler ${index}`).address));
const isFiller = (address: string) => FILLERS.has(address);

function makeEvidence(world: World, challenge: string): Evidence[] {
  const evidence = new Map<string, Evidence>();
  const add = (line: Evidence) => evidence.set(keyOfEvidence(line), line);
  for (const entry of world.entries) {
    if (entry.kind !== 'wallet' || !['signed', 'owners'].includes(entry.control)) continue;
    const { chain, address } = entry;
    const keys = world.owners.get(address) ?? [];
    const message = composeMessage(world.liabilities, challenge, { chain, address });
    if (address === CONTRACTS.safe) {
      const signatures = keys
        .map((key) => ({ owner: key.address, signature: signText(message, key), delegate: null }))
        .sort((a, b) => (a.owner < b.owner ? -1 : 1));
      add({ kind: 'safe', chain, address, signatures });
    } else if (keys.length > 0) {
      const delegate = entry.control === 'owners' ? CONTRACTS.delegate : null;
      add({ kind: 'signature', chain, address, signature: signText(message, keys[0]!), delegate });
    }
  }
  if (world.entries.some((entry) => 'custodian' in entry && entry.custodian === 'vault')) {
    add(confirm(world, challenge));
  }
  return [...evidence].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}

/** What the custodian confirms of what the entries say it keeps. */
export function confirm(world: World, challenge: string, custodian = 'vault'): Evidence {
  const wallets = world.entries.flatMap((entry) =>
    entry.kind === 'wallet' && entry.custodian === custodian
      ? [{ chain: entry.chain, address: entry.address }]
      : [],
  );
  const amounts = world.entries.flatMap((entry) =>
    entry.kind === 'custody' && entry.custodian === custodian && entry.level === 'attested'
      ? [{ account: entry.account, asset: entry.asset, amount: entry.amount }]
      : [],
  );
  const bare = {
    custodian,
    wallets: wallets.sort((a, b) => (joinKey(a.chain, a.address) < joinKey(b.chain, b.address) ? -1 : 1)),
    amounts: amounts.sort((a, b) => (joinKey(a.account, a.asset) < joinKey(b.account, b.asset) ? -1 : 1)),
  };
  return {
    kind: 'confirmation',
    ...bare,
    signature: bytesToHex(custodianKey.sign(confirmationMessage(bare, challenge))),
  };
}

/** The files of a draft as the platform signs them. */
export async function publish({ draft, pins, world }: Built, signer = platformKey): Promise<ReservesFiles> {
  const survey = await surveyReserves(draft, { pins, liabilities: world.liabilities });
  return encodeReservesDirectory(draft, survey, signer);
}

/** The files of a draft that no honest maker would sign, over the survey of an honest one. */
export function publishLie(
  draft: ReservesDraft,
  survey: ReservesSurvey,
  signer: ReservesSigner = platformKey,
): ReservesFiles {
  return encodeReservesDirectory(draft, survey, signer);
}

export function sourceOf(files: ReservesFiles): ReservesSource {
  return {
    reserves: files.get('reserves.json')!,
    signature: files.get('reserves.sig.json')!,
    readFile: (name, sizeBytes) => Promise.resolve(files.get(name)!.slice(0, sizeBytes + 1)),
  };
}

/** Verifies files as their reader does. */
export function verify(
  files: ReservesFiles,
  { pins, world }: Pick<Built, 'pins' | 'world'>,
  options: Partial<VerifyReservesOptions> = {},
) {
  return verifyReserves(sourceOf(files), {
    bundle: { outcome: 'valid', liabilities: world.liabilities },
    pins,
    ...options,
  });
}
