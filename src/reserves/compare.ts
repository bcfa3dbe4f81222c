import { join } from 'node:path';

import { ENTRIES_FILE, MAX_ENTRIES_BYTES, parseEntry } from '../protocol/reserves/index.js';
import { readNamedFile } from '../system/index.js';

/** A wallet that two directories of reserves both claim. */
export type SharedWallet = { readonly chain: string; readonly address: string };

const LINE_FEED = 0x0a;

/** The wallets that two directories of reserves both claim, sorted. @throws SolventError of class `format`, or `file-unreadable`. */
export async function compareReserves(first: string, second: string): Promise<SharedWallet[]> {
  const [ours, theirs] = [await listWallets(first), await listWallets(second)];
  return [...ours]
    .filter((wallet) => theirs.has(wallet))
    .sort()
    .map((wallet) => {
      const [chain = '', address = ''] = wallet.split(' ');
      return { chain, address };
    });
}

async function listWallets(directory: string): Promise<ReadonlySet<string>> {
  const bytes = await readNamedFile(join(directory, ENTRIES_FILE), MAX_ENTRIES_BYTES);
  const wallets = new Set<string>();
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    const entry = parseEntry(bytes.subarray(start, end));
    if (entry.kind === 'wallet' || entry.kind === 'account') wallets.add(`${entry.chain} ${entry.address}`);
    if (entry.kind === 'output') wallets.add(`${entry.chain} ${entry.address}`);
    if (entry.kind === 'other') wallets.add(`${entry.chain} ${entry.account}`);
    start = end + 1;
  }
  return wallets;
}
