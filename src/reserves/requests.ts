import { hexToBytes, utf8ToBytes } from '../protocol/index.js';
import { composeMessage, joinBytes, joinKey, type WalletEntry } from '../protocol/reserves/index.js';
import {
  BitcoinChain,
  composeToSpend,
  encodeOutput,
  encodeSized,
  encodeTransaction,
  hashTransaction,
  listScripts,
} from '../verifier/reserves/making.js';
import { instantOf, type ReservesWork } from './work.js';

const PSBT_MAGIC = '70736274ff';
/** Fields of a PSBT (BIP-174), global ones and those of an input. */
const PSBT = { unsigned: 0x00, message: 0x09, funding: 0x00, spentOutput: 0x01 } as const;
const OP_RETURN = 0x6a;

/** What one key is asked to sign. */
export type SignRequest = {
  readonly chain: string;
  readonly address: string;
  /** Whose key signs: the address itself, or an owner of the wallet contract. */
  readonly signer: string;
  readonly message: string;
};

/** What all keys are asked to sign: of a wallet contract each owner, of whom as many as its threshold are needed. */
export function listRequests(work: ReservesWork): SignRequest[] {
  const head = { platform: work.platform, takenAt: instantOf(work) };
  const wallets = listClaimed(work).flatMap(({ chain, address }) => {
    const message = composeMessage(head, work.challenge, { chain, address });
    const owners = findSafe(work, chain, address)?.owners ?? [address];
    return owners.map((signer) => ({ chain, address, signer, message }));
  });
  return [...wallets, ...listAddressRequests(work, 'output'), ...listAddressRequests(work, 'account')];
}

/** What the addresses of outputs, or of accounts, are asked to sign by their own keys, each once. */
export function listAddressRequests(work: ReservesWork, kind: 'output' | 'account'): SignRequest[] {
  const asked = new Map<string, { readonly chain: string; readonly address: string }>();
  for (const entry of work.entries) {
    if (entry.kind === kind && entry.control === 'signed')
      asked.set(`${entry.chain} ${entry.address}`, entry);
  }
  const head = { platform: work.platform, takenAt: instantOf(work) };
  return [...asked.values()].map(({ chain, address }) => ({
    chain,
    address,
    signer: address,
    message: composeMessage(head, work.challenge, { chain, address }),
  }));
}

/** The wallets whose control is to be shown by signatures, each once. */
export function listClaimed({ entries }: Pick<ReservesWork, 'entries'>): WalletEntry[] {
  const seen = new Set<string>();
  return entries.filter((entry): entry is WalletEntry => {
    if (entry.kind !== 'wallet' || (entry.control !== 'signed' && entry.control !== 'owners')) return false;
    const key = `${entry.chain} ${entry.address}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** A wallet contract of the work. */
export function findSafe({ safes }: Pick<ReservesWork, 'safes'>, chain: string, address: string) {
  return safes.find((safe) => safe.chain === chain && safe.address === address);
}

/** The reviewed contract whose code an account runs, or null. */
export function findDelegate(
  { delegations }: Pick<ReservesWork, 'delegations'>,
  chain: string,
  address: string,
): string | null {
  return delegations.find((each) => each.chain === chain && each.address === address)?.delegate ?? null;
}

/** The requests as CSV, for signers that read it; each message in quotes, with its line breaks. */
export function encodeRequests(requests: readonly SignRequest[]): string {
  const rows = requests.map(
    ({ chain, address, signer, message }) =>
      `${chain},${address},${signer},"${message.replaceAll('"', '""')}"\n`,
  );
  return `chain,address,signer,message\n${rows.join('')}`;
}

/** What each address of outputs stands for, by chain and address as `joinKey` joins them. */
export function listOutputScripts(work: ReservesWork) {
  const { blocks, bitcoin, pins, entries } = work;
  const takenAt = instantOf(work);
  const chains = new Map(
    [...(bitcoin ?? [])].map(([chain, contents]) => {
      const block = blocks.find((known) => known.chain === chain)!;
      return [chain, new BitcoinChain(block, contents, { pins: pins.bitcoin ?? [], takenAt })];
    }),
  );
  const outputs = entries.flatMap((line) => (line.kind === 'output' ? [{ line, position: 'the work' }] : []));
  return listScripts(outputs, chains);
}

/**
 * What addresses of outputs are asked to sign as PSBTs of BIP-322 (the message in the global field 0x09), for wallets that sign
 * nothing else. Finalized, they are imported as they are.
 */
export function listPsbtRequests(
  work: ReservesWork,
): { readonly chain: string; readonly address: string; readonly psbt: Uint8Array }[] {
  const scripts = listOutputScripts(work);
  return listAddressRequests(work, 'output').flatMap(({ chain, address, message }) => {
    const script = scripts.get(joinKey(chain, address));
    return script === undefined ? [] : [{ chain, address, psbt: composeMessagePsbt(message, script) }];
  });
}

function composeMessagePsbt(message: string, script: Uint8Array): Uint8Array {
  const toSpend = composeToSpend(message, script);
  const none = new Uint8Array();
  const input = { transaction: hashTransaction(toSpend), index: 0, script: none, sequence: 0, witness: [] };
  const output = { amountSatoshi: 0n, script: Uint8Array.of(OP_RETURN) };
  const unsigned = encodeTransaction({ version: 0, lockTime: 0, inputs: [input], outputs: [output] });
  const pair = (key: number, value: Uint8Array) => [encodeSized(Uint8Array.of(key)), encodeSized(value)];
  const end = Uint8Array.of(0);
  return joinBytes([
    hexToBytes(PSBT_MAGIC),
    ...[...pair(PSBT.unsigned, unsigned), ...pair(PSBT.message, utf8ToBytes(message)), end],
    ...pair(PSBT.funding, encodeTransaction(toSpend)),
    ...pair(PSBT.spentOutput, encodeOutput({ amountSatoshi: 0n, script })),
    end,
    end,
  ]);
}
