import type { Pins } from '../protocol/reserves/index.js';
import { stateAccounts } from './accounts.js';
import { captureOutputs, type BitcoinCapture } from './bitcoin/capture.js';
import { captureChain, type ChainCapture } from './capture.js';
import { refuseMaking } from './errors.js';
import type { RpcNode } from './rpc.js';
import type { WalletList } from './wallets.js';

/** What wallets are captured with. */
export type WalletCaptureOptions = {
  readonly takenAt: string;
  readonly pins: Pins;
  /** Opens a node of a chain. @throws SolventError where nobody named one. */
  readonly openNode: (chain: string) => RpcNode;
};

/**
 * Captures all wallets and outputs of a list, chain by chain, at the blocks of an instant; of account chains takes what is stated.
 * @throws SolventError `chain-not-reviewed`, and as `stateAccounts`, `captureChain` and `captureOutputs`.
 */
export async function captureWallets(
  { byChain, outputs, accounts }: WalletList,
  { takenAt, pins, openNode }: WalletCaptureOptions,
): Promise<{
  readonly captures: readonly ChainCapture[];
  readonly bitcoin: readonly BitcoinCapture[];
  readonly accounts: ReturnType<typeof stateAccounts>;
}> {
  const stated = stateAccounts(accounts, pins);
  const captures: ChainCapture[] = [];
  for (const [chain, wallets] of byChain)
    captures.push(await captureChain(openNode(chain), { chain, takenAt, wallets, pins }));
  const bitcoin: BitcoinCapture[] = [];
  for (const [chain, list] of outputs) {
    const node = openNode(chain);
    const asset = pins.bitcoin?.find((pin) => pin.chain === chain)?.native.asset;
    if (asset === undefined)
      throw refuseMaking('chain-not-reviewed', { expected: `${chain} in the pins`, found: 'none' });
    bitcoin.push(await captureOutputs(node, { chain, takenAt, outputs: list, asset }));
  }
  return { captures, bitcoin, accounts: stated };
}
