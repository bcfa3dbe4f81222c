import { decodeBase64, hexToBytes, bytesToHex, utf8ToBytes } from '../protocol/index.js';
import {
  ACCOUNT_CHAINS,
  ACCOUNT_FORMS,
  composeMessage,
  type AccountEntry,
  type AccountEvidence,
  type AccountForm,
  type Pins,
} from '../protocol/reserves/index.js';
import {
  checkAccountSignature,
  decodeAccount,
  decodeBase58,
  parseCoseKey,
  spellCoseSign1,
} from '../verifier/reserves/making.js';
import { malformed, type CsvRow } from './csv.js';
import { refuseLine, refuseMaking } from './errors.js';
import { instantOf, type ReservesWork } from './work.js';

/** An account as its platform states it: everything of its entry but what the pins say. */
export type StatedAccount = Omit<AccountEntry, 'kind' | 'asset'>;

const AMOUNT = /^[1-9][0-9]{0,77}$/;

/**
 * Reads a row of a list of wallets that is of an account chain. The column `amount` is in the coin's or token's own
 * units. The columns `contract` and `balance` are there where they are needed; `balance` is `reproducible` unless it is
 * said.
 * @throws SolventError `row-malformed`.
 */
export function parseAccountRow(
  { cells, line }: CsvRow,
  stated: Pick<StatedAccount, 'custodian' | 'encumbrance'> & { readonly control: string },
): StatedAccount {
  const { chain = '', address = '', amount = '', contract = '', balance = '' } = cells;
  if (decodeAccount(chain, address) === undefined) throw malformed(line, `an address of ${chain}`);
  if (!AMOUNT.test(amount)) throw malformed(line, 'an amount in whole units of the coin or token, above 0');
  if (!['', 'reproducible', 'attested'].includes(balance))
    throw malformed(line, 'balance reproducible or attested');
  if (stated.control === 'owners') throw malformed(line, 'control signed, custodian or stated of an account');
  return {
    ...{ chain, address, amount },
    contract: contract === '' ? null : contract,
    balance: balance === 'attested' ? 'attested' : 'reproducible',
    ...stated,
    control: stated.control as StatedAccount['control'],
  };
}

/**
 * The entries of accounts, each counted for the asset that the pins name, at the blocks of the pins: nobody asks a node of these chains.
 * @throws SolventError `chain-not-reviewed`, `block-not-there`.
 */
export function stateAccounts(
  accounts: readonly StatedAccount[],
  { accountChains = [] }: Pins,
): { readonly entries: readonly AccountEntry[]; readonly blocks: ReservesWork['blocks'] } {
  const blocks = new Map<string, ReservesWork['blocks'][number]>();
  const entries = accounts.map((account): AccountEntry => {
    const { chain, contract } = account;
    const pin = accountChains.find((known) => known.chain === chain);
    const counted =
      contract === null ? pin?.native : pin?.tokens.find((token) => token.contract === contract);
    if (pin === undefined || counted === undefined) {
      throw refuseMaking('chain-not-reviewed', {
        expected: `${chain}${contract === null ? '' : `:${contract}`} in the pins`,
        found: 'none',
      });
    }
    if (pin.block === null) {
      throw refuseMaking('block-not-there', {
        expected: `the block of ${chain} at the instant in the pins`,
        found: 'none',
        advice: `write pins with solvent reserves pins --block ${chain}=NUMBER:HASH`,
      });
    }
    blocks.set(chain, { chain, ...pin.block });
    return { kind: 'account', ...account, asset: counted.asset };
  });
  return { entries, blocks: [...blocks.values()] };
}

/**
 * Reads a signature of an account, in any of the forms of its chain and any of the spellings that wallets give: hexadecimal, base 64 or
 * base 58. Its public key, where the form needs one, is beside it in hexadecimal or base 64, or as the COSE_Key of a Cardano wallet.
 * @throws SolventError `signature-of-other`.
 */
export function readAccountSignature(
  work: ReservesWork,
  { chain, address }: Pick<AccountEntry, 'chain' | 'address'>,
  { cells, line, text }: CsvRow & { readonly text: string },
): AccountEvidence {
  const head = { platform: work.platform, takenAt: instantOf(work) };
  const message = utf8ToBytes(composeMessage(head, work.challenge, { chain, address }));
  const { family } = ACCOUNT_CHAINS[chain]!;
  const keys = listKeys(cells.publickey ?? '');
  for (const form of Object.keys(ACCOUNT_FORMS) as AccountForm[]) {
    if (ACCOUNT_FORMS[form].family !== family) continue;
    const { keyBytes } = ACCOUNT_FORMS[form];
    const fitting =
      keyBytes === 0 ? [null] : keys.filter(({ length }) => length === keyBytes).map(bytesToHex);
    for (const publicKey of fitting) {
      for (const spelled of listSpelled(text)) {
        const bytes = form === 'cip-8' ? spellCoseSign1(spelled) : spelled;
        const evidence = {
          kind: 'account',
          chain,
          address,
          form,
          publicKey,
          signature: bytesToHex(bytes),
        } as const;
        if (checkAccountSignature(evidence, message) === 'valid') return evidence;
      }
    }
  }
  const needsKey = keys.length === 0 && ['cardano', 'cosmos', 'xrp'].includes(family);
  throw refuseLine('signature-of-other', line, {
    expected: needsKey
      ? 'the public key of the account in a column publickey'
      : 'a signature of its key over the message of this account',
    ...(needsKey ? { found: 'none' } : {}),
  });
}

/** The bytes that a text may spell. */
function listSpelled(text: string): Uint8Array[] {
  const digits = /^(?:0x)?((?:[0-9a-f]{2})+)$/.exec(text.toLowerCase())?.[1];
  const all = [digits === undefined ? undefined : hexToBytes(digits), decodeBase64(text), decodeBase58(text)];
  return all.filter((bytes) => bytes !== undefined);
}

function listKeys(text: string): Uint8Array[] {
  if (text === '') return [];
  return listSpelled(text).flatMap((bytes) => [bytes, parseCoseKey(bytes) ?? new Uint8Array()]);
}
