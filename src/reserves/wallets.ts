import {
  CONTROL_LEVELS,
  isAccountChain,
  isBitcoinChain,
  ENCUMBRANCE_KINDS,
  type Reserves,
} from '../protocol/reserves/index.js';
import { parseAccountRow, type StatedAccount } from './accounts.js';
import type { CapturedOutput } from './bitcoin/capture.js';
import type { CapturedWallet } from './capture.js';
import { malformed, parseCsv } from './csv.js';

/** The wallets of a platform by chain, and what of them is stated as not free. */
export type WalletList = {
  readonly byChain: ReadonlyMap<string, readonly CapturedWallet[]>;
  /** Outputs of Bitcoin networks, by chain. */
  readonly outputs: ReadonlyMap<string, readonly CapturedOutput[]>;
  /** Accounts of chains of which no state is read. */
  readonly accounts: readonly StatedAccount[];
  readonly encumbrances: Reserves['encumbrances'];
};

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const OUTPUT = /^([0-9a-f]{64}):(0|[1-9][0-9]{0,8})$/;
const CHAIN = /^eip155:[1-9][0-9]{0,19}$/;

/**
 * Reads a list of wallets: columns `chain` and `address`, and where they are needed `control` (`signed` unless it is said),
 * `custodian`, `encumbrance` and `note`; of an account chain also `amount`, and `contract` and `balance`.
 * @throws SolventError `columns-missing`, `row-malformed`, with the line.
 */
export function parseWallets(bytes: Uint8Array): WalletList {
  const byChain = new Map<string, CapturedWallet[]>();
  const encumbrances: Reserves['encumbrances'] = [];
  const outputs = new Map<string, CapturedOutput[]>();
  const accounts: StatedAccount[] = [];
  const seen = new Set<string>();
  for (const row of parseCsv(bytes, ['chain', 'address'])) {
    const { cells, line } = row;
    const { chain = '', address = '' } = cells;
    // Letters of addresses of account chains differ by their case.
    const key = isAccountChain(chain)
      ? `${chain} ${address} ${cells.contract ?? ''}`
      : `${chain} ${address.toLowerCase()}`;
    const output = OUTPUT.exec(address);
    if (!CHAIN.test(chain) && !isBitcoinChain(chain) && !isAccountChain(chain)) {
      throw malformed(line, 'a chain like eip155:1, a Bitcoin network, or an account chain');
    }
    if (isBitcoinChain(chain)) {
      if (output === null) throw malformed(line, 'an output of a transaction: its id, a colon and its index');
    } else if (!isAccountChain(chain) && !ADDRESS.test(address))
      throw malformed(line, 'an address of 0x and 40 digits');
    if (seen.has(key)) throw malformed(line, 'each wallet once');
    seen.add(key);
    const control = orElse(cells.control, 'signed') as CapturedWallet['control'];
    if (!CONTROL_LEVELS.includes(control) || ['spent', 'auditor'].includes(control)) {
      throw malformed(line, 'control signed, owners, custodian or stated');
    }
    const custodian = orElse(cells.custodian, null);
    const isAttested = isAccountChain(chain) && cells.balance === 'attested';
    if ((custodian !== null) !== (control === 'custodian' || isAttested)) {
      throw malformed(line, 'a custodian where one controls or attests, and nowhere else');
    }
    let encumbrance: number | null = null;
    const kind = orElse(cells.encumbrance, null) as (typeof ENCUMBRANCE_KINDS)[number] | null;
    if (kind !== null) {
      if (!ENCUMBRANCE_KINDS.includes(kind)) throw malformed(line, `one of ${ENCUMBRANCE_KINDS.join(', ')}`);
      encumbrance = encumbrances.length;
      encumbrances.push({ kind, note: orElse(cells.note, kind), until: null });
    }
    if (isAccountChain(chain)) {
      accounts.push(parseAccountRow(row, { control, custodian, encumbrance }));
      continue;
    }
    if (output !== null && isBitcoinChain(chain)) {
      if (control === 'owners') throw malformed(line, 'control signed, custodian or stated of an output');
      const captured = { transaction: output[1]!, index: Number(output[2]), control, custodian, encumbrance };
      outputs.set(chain, [...(outputs.get(chain) ?? []), captured]);
      continue;
    }
    const wallets = byChain.get(chain) ?? [];
    wallets.push({ address: address.toLowerCase(), control, custodian, encumbrance });
    byChain.set(chain, wallets);
  }
  const sorted = new Map([...byChain].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { byChain: sorted, outputs, accounts, encumbrances };
}

function orElse<T>(cell: string | undefined, other: T): string | T {
  return cell === undefined || cell === '' ? other : cell;
}
