import { composeMessage, type WalletEntry } from '../protocol/reserves/index.js';
import { listOutputRequests } from './bitcoin/import.js';
import type { ReservesWork } from './work.js';

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
  const wallets = listClaimed(work).flatMap(({ chain, address }) => {
    const message = composeMessage(work, work.challenge, { chain, address });
    const owners = findSafe(work, chain, address)?.owners ?? [address];
    return owners.map((signer) => ({ chain, address, signer, message }));
  });
  return [...wallets, ...listOutputRequests(work)];
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
