import { z } from 'zod';

import { bytesToHex, hexToBytes, SolventError } from '../protocol/index.js';
import type { Pins, TokenPin, WalletEntry } from '../protocol/reserves/index.js';
import {
  assertNotFrozen,
  assertTokenCode,
  deriveSlot,
  EMPTY_CODE_HASH,
  hashDelegation,
  hashEvm,
  NodeSet,
  parseEvmHeader,
  ProvenState,
  readSafe,
  readTokenBalance,
  sortNodes,
  type MissingNode,
} from '../verifier/reserves/making.js';
import { findBlockAt, type BlockPair } from './block.js';
import { refuseMaking } from './errors.js';
import { askBalance, forEachOf } from './nodes.js';
import type { RpcNode } from './rpc.js';

/** A wallet whose balances are captured, and how its control will be shown. */
export type CapturedWallet = {
  /** 0x and 40 digits in lower case. */
  readonly address: string;
  readonly control: WalletEntry['control'];
  readonly custodian: string | null;
  readonly encumbrance: number | null;
};

/** What was captured of one chain. */
export type ChainCapture = {
  readonly chain: string;
  readonly block: BlockPair;
  /** The nodes that were read, in their order. */
  readonly nodes: readonly Uint8Array[];
  readonly entries: readonly WalletEntry[];
  /** Owners and thresholds of the wallet contracts, by address. */
  readonly safes: ReadonlyMap<string, { readonly owners: readonly string[]; readonly threshold: number }>;
  /** By address: the reviewed contract whose code an account runs (EIP-7702), of wallets and of owners. */
  readonly delegations: ReadonlyMap<string, string>;
  /** What was left out, and why: `0x… frozen`. */
  readonly leftOut: readonly string[];
  /** Wallets that are stated alone, and why. */
  readonly demoted: readonly string[];
};

/** Slots that are asked for in one call. */
const MAX_SLOTS = 200;
/** Slots and accounts that a wallet contract may need, one asked after the other. */
const MAX_STEPS = 256;

const hex = z.string().regex(/^0x(?:[0-9a-f]{2})*$/);
const proofSchema = z.looseObject({
  accountProof: z.array(hex),
  storageProof: z.array(z.looseObject({ proof: z.array(hex) })),
});

/**
 * Captures the state of wallets at the last block at or before an instant. It has every balance that is not 0 of the
 * chain's coin and of each pinned token, with its proof, and what shows who controls them. All of it is verified at
 * once.
 * @throws SolventError as `findBlockAt`; `proof-of-other-state`; the codes of the verifier.
 */
export async function captureChain(
  node: RpcNode,
  {
    chain,
    takenAt,
    wallets,
    pins,
  }: {
    readonly chain: string;
    readonly takenAt: string;
    readonly wallets: readonly CapturedWallet[];
    readonly pins: Pins;
  },
): Promise<ChainCapture> {
  const block = await findBlockAt(node, takenAt);
  const fetcher = new ProofFetcher(node, block);
  const tokens = pins.tokens.filter((pin) => pin.chain === chain);
  await fetcher.fetchAll(wallets.map(({ address }) => ({ address, slots: [] })));
  for (const pin of tokens) await fetcher.fetchAll(listTokenReads(pin, wallets));
  await fetcher.fetchAll(pins.delegates.map(({ address }) => ({ address, slots: [] })));
  const { claimed, delegations, safes, demoted } = await captureControl(fetcher, wallets, pins);
  const set = new NodeSet(sortNodes(fetcher.nodes));
  const state = new ProvenState(set, fetcher.stateRoot);
  for (const pin of tokens) assertTokenCode(state, pin);
  const leftOut: string[] = [];
  const native = pins.chains.find((pin) => pin.chain === chain)!.native;
  const reproduced = await fetcher.reproduce(tokens, wallets);
  const entries = claimed.flatMap((wallet) =>
    [null, ...tokens].flatMap((pin) => {
      const amount = readAmount(state, pin, { wallet, leftOut, reproduced });
      return amount === 0n
        ? []
        : [toEntry({ chain, wallet, pin, asset: pin?.asset ?? native.asset, amount })];
    }),
  );
  const nodes = sortNodes(fetcher.nodes);
  return { chain, block, nodes, entries, delegations, safes, leftOut, demoted };
}

/**
 * What shows who controls each wallet. For an account that runs a reviewed delegate it is the account's key, which is
 * one of those who may move it. For another account with code it is the owners, where it is a reviewed contract. A key
 * signs for no other code.
 */
async function captureControl(fetcher: ProofFetcher, wallets: readonly CapturedWallet[], pins: Pins) {
  const safes = new Map<string, { owners: readonly string[]; threshold: number }>();
  const delegations = new Map<string, string>();
  const demoted: string[] = [];
  const claimed: CapturedWallet[] = [];
  for (const wallet of wallets) {
    const { address, control } = wallet;
    const isClaimed = control === 'signed' || control === 'owners';
    if (!isClaimed || fetcher.readCodeHash(address) === EMPTY_CODE_HASH) {
      claimed.push(wallet);
      continue;
    }
    const delegate = fetcher.findDelegate(address, pins);
    if (delegate !== undefined) {
      delegations.set(address, delegate);
      claimed.push({ ...wallet, control: 'owners' });
    } else if (control === 'owners') {
      const safe = await fetcher.demand((state) => readSafe(state, address, pins));
      safes.set(address, safe);
      await fetcher.fetchAll(safe.owners.map((owner) => ({ address: owner, slots: [] })));
      for (const owner of safe.owners) {
        const run = fetcher.findDelegate(owner, pins);
        if (run !== undefined) delegations.set(owner, run);
      }
      claimed.push(wallet);
    } else {
      demoted.push(`${address}: it runs code that your pins do not review`);
      claimed.push({ ...wallet, control: 'stated' });
    }
  }
  return { claimed, delegations, safes, demoted };
}

function readAmount(
  state: ProvenState,
  pin: TokenPin | null,
  {
    wallet: { address },
    leftOut,
    reproduced,
  }: {
    readonly wallet: CapturedWallet;
    readonly leftOut: string[];
    readonly reproduced: ReadonlyMap<string, bigint>;
  },
): bigint {
  if (pin === null) return state.readAccount(address)?.balance ?? 0n;
  try {
    if (pin.balance !== null) return readTokenBalance(state, pin, address);
    assertNotFrozen(state, pin, address);
    return reproduced.get(`${pin.contract} ${address}`)!;
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { code } = error as SolventError;
    if (code !== 'frozen') throw error;
    leftOut.push(`${address} of ${pin.contract}: ${code}`);
    return 0n;
  }
}

function toEntry({
  chain,
  wallet,
  pin,
  asset,
  amount,
}: {
  readonly chain: string;
  readonly wallet: CapturedWallet;
  readonly pin: TokenPin | null;
  readonly asset: string;
  readonly amount: bigint;
}): WalletEntry {
  const { address, control, custodian, encumbrance } = wallet;
  return {
    kind: 'wallet',
    chain,
    address,
    contract: pin?.contract ?? null,
    asset,
    amount: amount.toString(),
    // Of a token whose layout nobody reviewed there is only what nodes say.
    balance: pin !== null && pin.balance === null ? 'reproducible' : 'proven',
    control,
    custodian,
    encumbrance,
  };
}

type Read = { readonly address: string; readonly slots: readonly string[] };

/** What of a token is read for these wallets: balances, what stops them, the rule's slots and the implementation. */
function listTokenReads(pin: TokenPin, wallets: readonly CapturedWallet[]): Read[] {
  const { contract, proxy, balance, freezes } = pin;
  const layouts = [
    ...(balance === null ? [] : [balance.layout]),
    ...freezes.flatMap((freeze) => (freeze.kind === 'account' ? [freeze.layout] : [])),
  ];
  const slots = [
    ...(proxy === null ? [] : [proxy.slot]),
    ...freezes.flatMap((freeze) => (freeze.kind === 'contract' ? [freeze.slot] : [])),
    ...(balance?.rule.kind === 'shares' ? [balance.rule.pooledSlot, balance.rule.totalSlot] : []),
    ...wallets.flatMap(({ address }) => layouts.map((layout) => deriveSlot(layout, address))),
  ];
  const reads: Read[] = [{ address: contract, slots: [] }];
  for (let start = 0; start < slots.length; start += MAX_SLOTS) {
    reads.push({ address: contract, slots: slots.slice(start, start + MAX_SLOTS) });
  }
  if (proxy !== null) reads.push({ address: proxy.implementation, slots: [] });
  return reads;
}

/** Asks a node for proofs at one block, and keeps what they are made of. */
class ProofFetcher {
  readonly #node: RpcNode;
  readonly #block: BlockPair;
  readonly #byAddress = new Map<string, Uint8Array[]>();
  readonly stateRoot: string;

  constructor(node: RpcNode, block: BlockPair) {
    this.#node = node;
    this.#block = block;
    this.stateRoot = parseEvmHeader(block.headers.block).stateRoot;
  }

  get nodes(): Uint8Array[] {
    return [...this.#byAddress.values()].flat();
  }

  /** The code hash of an address that was fetched. */
  readCodeHash(address: string): string {
    const set = new NodeSet(sortNodes(this.#byAddress.get(address) ?? []));
    return new ProvenState(set, this.stateRoot).readCodeHash(address);
  }

  /** The reviewed delegate whose code an account runs, where it has the reviewed code itself; both were fetched. */
  findDelegate(address: string, { delegates }: Pins): string | undefined {
    const found = this.readCodeHash(address);
    return delegates.find(
      (pin) => hashDelegation(pin.address) === found && this.readCodeHash(pin.address) === pin.codeHash,
    )?.address;
  }

  async fetchAll(reads: readonly Read[]): Promise<void> {
    await forEachOf(reads, (read) => this.#fetch(read));
  }

  /** What the node says of tokens that have no reviewed layout, by contract and address. */
  async reproduce(
    tokens: readonly TokenPin[],
    wallets: readonly CapturedWallet[],
  ): Promise<ReadonlyMap<string, bigint>> {
    const amounts = new Map<string, bigint>();
    const open = tokens.filter(({ balance }) => balance === null);
    const reads = open.flatMap(({ contract }) => wallets.map(({ address }) => ({ contract, address })));
    await forEachOf(reads, async ({ contract, address }) => {
      const { number } = this.#block;
      amounts.set(`${contract} ${address}`, await askBalance(this.#node, { contract, address, number }));
    });
    return amounts;
  }

  /** Reads something of the state, and fetches what it misses until nothing is missing. */
  async demand<T>(read: (state: ProvenState) => T): Promise<T> {
    const asked = new Set<string>();
    for (let step = 0; step < MAX_STEPS; step++) {
      const nodes = [...asked].flatMap((address) => this.#byAddress.get(address) ?? []);
      try {
        return read(new ProvenState(new NodeSet(sortNodes(nodes)), this.stateRoot));
      } catch (error) {
        if (!(error instanceof SolventError) || error.code !== 'node-missing') throw error;
        const { address, slot } = error.details as unknown as MissingNode;
        if (slot !== undefined || !this.#byAddress.has(address)) {
          await this.#fetch({ address, slots: slot === undefined ? [] : [slot] });
        }
        asked.add(address);
      }
    }
    throw refuseMaking('proof-of-other-state', {
      expected: `a wallet contract of fewer than ${MAX_STEPS} slots`,
      found: 'one of more',
    });
  }

  async #fetch({ address, slots }: Read): Promise<void> {
    const tag = `0x${this.#block.number.toString(16)}`;
    const parsed = proofSchema.safeParse(await this.#node.call('eth_getProof', [address, slots, tag]));
    const root = parsed.data?.accountProof[0];
    if (!parsed.success || root === undefined || hashEvm(hexToBytes(root.slice(2))) !== this.stateRoot) {
      throw refuseMaking('proof-of-other-state', {
        expected: `a proof under the state root ${this.stateRoot} of block ${this.#block.number}`,
        found: 'another',
      });
    }
    const { accountProof, storageProof } = parsed.data;
    const known = this.#byAddress.get(address) ?? [];
    const seen = new Set(known.map(bytesToHex));
    for (const proof of [accountProof, ...storageProof.map(({ proof: nodes }) => nodes)]) {
      proof.forEach((text, depth) => {
        const bytes = hexToBytes(text.slice(2));
        // A node in place is part of its parent, and some nodes list it again.
        const isApart = depth === 0 || bytes.length >= 32;
        if (isApart && !seen.has(text.slice(2))) {
          seen.add(text.slice(2));
          known.push(bytes);
        }
      });
    }
    this.#byAddress.set(address, known);
  }
}
