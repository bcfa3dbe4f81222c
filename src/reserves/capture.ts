import { z } from 'zod';

import { bytesToHex, hexToBytes, SolventError } from '../protocol/index.js';
import type { Pins, TokenPin, WalletEntry } from '../protocol/reserves/index.js';
import {
  assertTokenCode,
  deriveSlot,
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
  /** What was left out, and why: `0x… frozen`. */
  readonly leftOut: readonly string[];
};

/** Slots that are asked for in one call. */
const MAX_SLOTS = 200;
/** Calls that wait at the same time. */
const CONCURRENCY = 8;
/** Slots and accounts that a wallet contract may need, one asked after the other. */
const MAX_STEPS = 256;

const hex = z.string().regex(/^0x(?:[0-9a-f]{2})*$/);
const proofSchema = z.looseObject({
  accountProof: z.array(hex),
  storageProof: z.array(z.looseObject({ proof: z.array(hex) })),
});

/**
 * Captures the state of wallets at the last block at or before an instant: every balance that is not 0 of the chain's coin and of
 * each pinned token, with its proof, and what shows who controls them. All of it is verified at once.
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
  const safes = new Map<string, { owners: readonly string[]; threshold: number }>();
  for (const { address, control } of wallets) {
    if (control !== 'owners' || !fetcher.hasCode(address)) continue;
    safes.set(address, await fetcher.demand((state) => readSafe(state, address, pins)));
    await fetcher.fetchAll(safes.get(address)!.owners.map((owner) => ({ address: owner, slots: [] })));
  }
  for (const { address } of pins.delegates) await fetcher.fetchAll([{ address, slots: [] }]);
  const set = new NodeSet(sortNodes(fetcher.nodes));
  const state = new ProvenState(set, fetcher.stateRoot);
  for (const pin of tokens) assertTokenCode(state, pin);
  const leftOut: string[] = [];
  const native = pins.chains.find((pin) => pin.chain === chain)!.native;
  const entries = wallets.flatMap((wallet) =>
    [null, ...tokens].flatMap((pin) => {
      const amount = readAmount(state, pin, { wallet, leftOut });
      return amount === 0n
        ? []
        : [toEntry({ chain, wallet, pin, asset: pin?.asset ?? native.asset, amount })];
    }),
  );
  return { chain, block, nodes: sortNodes(fetcher.nodes), entries, safes, leftOut };
}

function readAmount(
  state: ProvenState,
  pin: TokenPin | null,
  { wallet, leftOut }: { readonly wallet: CapturedWallet; readonly leftOut: string[] },
): bigint {
  if (pin === null) return state.readAccount(wallet.address)?.balance ?? 0n;
  try {
    return readTokenBalance(state, pin, wallet.address);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { code } = error as SolventError;
    if (code !== 'frozen' && code !== 'token-layout-unknown') throw error;
    leftOut.push(`${wallet.address} of ${pin.contract}: ${code}`);
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
    balance: 'proven',
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

  /** Whether an address that was fetched has code. */
  hasCode(address: string): boolean {
    const set = new NodeSet(sortNodes(this.#byAddress.get(address) ?? []));
    const account = new ProvenState(set, this.stateRoot).readAccount(address);
    return account !== null && account.codeHash !== hashEvm(new Uint8Array());
  }

  async fetchAll(reads: readonly Read[]): Promise<void> {
    let next = 0;
    const work = async () => {
      for (let read = reads[next++]; read !== undefined; read = reads[next++]) await this.#fetch(read);
    };
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, reads.length) }, work));
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
