import { defineErrors, type SolventError, type JsonCode, type SchemaCode } from '../../protocol/index.js';
import type { BinaryCode } from '../../protocol/reserves/index.js';
import type { PlainSentence } from '../../presentation/index.js';
import { classifyCodes } from '../failure.js';

/** The items of section 8 of docs/reserves.md. */
type ReservesCheckNumber = '8.1' | '8.2' | '8.3' | '8.4' | '8.5' | '8.6' | '8.7' | '8.8' | '8.9';

/** What a code is about: whose move is next, the check that gives it, a sentence, and what its reader does. */
export type ReservesCodeEntry = {
  readonly class: 'verification' | 'trust';
  readonly check: ReservesCheckNumber;
  readonly sentence: PlainSentence;
  readonly advice: PlainSentence;
};

const ASK_AGAIN =
  'Get the directory again from the platform; if it stays the same, it did not publish reserves: ask it why.';
const NOT_SHOWN =
  'Do not rely on these reserves: what they state is not shown. Keep the files, and ask the platform.';
const OWN_PINS =
  'Compare your pins with what you know of the chain and its tokens; if they are right, the platform counts something else.';

const entry =
  (check: ReservesCheckNumber, advice: PlainSentence) =>
  (sentence: PlainSentence, other = advice): ReservesCodeEntry => ({
    class: 'verification',
    check,
    sentence,
    advice: other,
  });
const form = entry('8.1', ASK_AGAIN);
const origin = entry('8.2', NOT_SHOWN);
const file = entry('8.3', ASK_AGAIN);
const block = entry('8.4', OWN_PINS);
const once = entry('8.5', NOT_SHOWN);
const asset = entry('8.6', OWN_PINS);
const control = entry('8.7', NOT_SHOWN);
const balance = entry('8.8', NOT_SHOWN);

/** Every way in which reserves are refused. */
export const RESERVES_FAILURES = {
  'json-malformed': form('A file is not JSON in UTF-8.'),
  'json-not-canonical': form('A file is JSON, but not in its one canonical spelling.'),
  'json-too-deep': form('A file is nested deeper than any published format.'),
  'json-too-large': form('A file is larger than its format allows.'),
  'format-unknown': form(
    'A file is of a format or version that this verifier does not know.',
    'Use a verifier that knows this version, or the file that this command asks for.',
  ),
  'schema-violated': form('A field is missing, unknown, of another type, out of its range or out of order.'),

  'bundle-not-valid': origin('The bundle that says what is owed is not valid.'),
  'signing-key-not-pinned': origin(
    'The reserves are signed under another key than the one you pinned.',
    'Compare the signing key of your trust file with the platform’s public announcement of it.',
  ),
  'signature-invalid': origin('The signature is not one of these reserves: somebody changed them.'),
  'reserves-hash-differs': origin(
    'These reserves are not those whose hash you brought: others were shown other ones.',
    'Keep both: two accounts of reserves for one snapshot are evidence against the platform.',
  ),
  'reserves-of-other-manifest': origin('The reserves are for another manifest than the bundle’s.'),
  'reserves-of-other-snapshot': origin(
    'The reserves name the manifest, but another platform, instant or snapshot.',
  ),

  'beacon-differs': origin('A second instant is not the one that the public beacon drew after the snapshot.'),

  'file-size-differs': file('A file is shorter or longer than was signed: it was cut off or changed.'),
  'file-hash-differs': file('A file is not the one that was signed.'),
  'line-too-long': file('A line is longer than any of its kind.'),
  'line-unterminated': file('The last line of a file has no line feed: the file was cut off.'),
  'entry-malformed': file('A line of the entries is not canonical JSON, or not of its schema.'),
  'account-not-canonical': file('An address is not in its one spelling: lower case, 0x and 40 digits.'),
  'reserve-amount-malformed': file('An amount is no integer of the token’s own units above 0.'),
  'evidence-malformed': file('A line of the evidence is not canonical JSON, or not of its schema.'),
  'entries-not-sorted': file('The entries are not in their one order.'),
  'evidence-not-sorted': file('The evidence is not in its one order, each piece once.'),
  'headers-malformed': file('A file of headers is not two headers with their lengths.'),
  'state-malformed': file('A node set is not nodes with their lengths.'),
  'transactions-malformed': file('A file of transactions is not transactions with their blocks and lengths.'),
  'transaction-malformed': file('A Bitcoin transaction is not in its one spelling.'),
  'transactions-not-sorted': file('The transactions are not in the order of their ids, each once.'),
  'nodes-not-sorted': file('The nodes are not in the order of their hashes, each once.'),

  'block-differs': block('A block is not the one that you pinned.'),
  'header-differs': block('A header is not that of the block.'),
  'header-malformed': block('A header has too few fields.', NOT_SHOWN),
  'rlp-malformed': block('A header or a node is not RLP in its one spelling.', NOT_SHOWN),
  'header-chain-broken': block(
    'Bitcoin headers are not linked from the first to the tip that you pinned.',
    NOT_SHOWN,
  ),
  'work-too-low': block('A Bitcoin header has less work than it says, or than your pins ask for.', NOT_SHOWN),
  'transaction-not-in-block': block('A transaction is not in the block that it is said to be in.', NOT_SHOWN),
  'block-not-at-instant': block(
    'The block is not the last one at or before the instant.',
    'Pin the last block at or before the instant, and the one after it; if you did, the platform chose another.',
  ),

  'counted-twice': once('The same amount is listed twice.'),
  'chain-not-listed': once('An entry is of a chain that the reserves name no block of.'),
  'custodian-not-listed': once('An entry names a custodian that the reserves do not list.'),
  'encumbrance-not-listed': once('An entry names an encumbrance that the reserves do not list.'),

  'token-not-pinned': asset('An entry is of a token that you did not pin.'),
  'asset-differs': asset('An entry counts a token for another asset than you pinned.'),
  'asset-not-owed': asset('An entry is of an asset that the manifest does not list.', NOT_SHOWN),
  'token-code-differs': asset(
    'The code of a token, or of its implementation, is not the one that you pinned.',
  ),

  'control-not-shown': control('A wallet is claimed as controlled, and no valid signature shows it.'),
  'signature-not-canonical': control('A signature is not in its one canonical form.'),
  'contract-not-reviewed': control(
    'A wallet is a contract that you did not pin: its answer alone counts for nothing.',
    OWN_PINS,
  ),
  'wallet-not-by-owners': control('Something else than the owners can move what a wallet contract holds.'),
  'evidence-not-used': control('A piece of evidence is for nothing that is claimed.'),
  'custodian-not-pinned': control('A custodian confirms, and you did not pin its key.', OWN_PINS),
  'confirmation-invalid': control('A confirmation is not signed by its custodian for this snapshot.'),
  'auditor-not-pinned': control('An auditor signs, and you did not pin its key.', OWN_PINS),
  'audit-invalid': control('An audit is not signed by its auditor for this snapshot.'),
  'audit-of-other-entries': control(
    'An auditor compared what they saw with other entries than these: something may be counted twice.',
  ),

  'balance-differs': balance('An amount is not the one in the state of the block.'),
  'amount-not-confirmed': balance('An amount is not the one that the custodian confirmed, or the auditor.'),
  'node-missing': balance('A node of the state is missing.'),
  'node-malformed': balance('A node of the state is not one of a trie.'),
  'node-not-reached': balance('There are nodes of the state that nothing needs.'),
  frozen: balance('An amount is frozen by its issuer: it cannot be moved.'),
  'output-not-shown': balance(
    'An output is not shown: its whole transaction in a block up to that of the instant, or a spend after it.',
  ),
  'coinbase-immature': balance('An output is of new coins that could not be spent yet.'),
  'witness-not-needed': balance('A Bitcoin transaction has a witness that nothing needs.'),
  'transaction-not-needed': balance('There are transactions that nothing needs.'),
  'node-differs': balance(
    'A node of yours says otherwise than your pins, or than the reserves.',
    'Ask a second node of your own: either your pins or the first node are wrong, or what the platform states is not so.',
  ),
  'token-layout-unknown': balance('A token’s layout is not pinned, so that its balances cannot be proven.'),

  'reserves-totals-differ': {
    class: 'verification',
    check: '8.9',
    sentence: 'The stated totals are not the sums of the entries.',
    advice: NOT_SHOWN,
  },
} as const satisfies Record<string, ReservesCodeEntry> &
  Record<JsonCode | SchemaCode | BinaryCode, ReservesCodeEntry>;

/** Why reserves are refused. */
export type ReservesFailureCode = keyof typeof RESERVES_FAILURES;

/** What is missing where nothing can be said, and how to get it. */
export const RESERVES_UNVERIFIABLE = {
  'pins-missing': {
    class: 'trust',
    check: '8.1',
    sentence: 'No pins: nothing tells which blocks, tokens and keys to believe.',
    advice: 'Make a pins file with block hashes from a node of your own or two independent places: --pins.',
  },
  'bundle-unverifiable': {
    class: 'trust',
    check: '8.2',
    sentence: 'The bundle that says what is owed cannot be verified.',
    advice: 'Bring the bundle with --bundle and its trust file with --trust, and verify it first.',
  },
  'block-not-pinned': {
    class: 'trust',
    check: '8.4',
    sentence: 'Your pins have no block of a chain that the reserves count.',
    advice:
      'Pin the hash of the last block at or before the instant and that of the next, from a node of your own.',
  },
} as const satisfies Record<string, ReservesCodeEntry>;

/** Why nothing can be said of reserves. */
export type ReservesUnverifiableCode = keyof typeof RESERVES_UNVERIFIABLE;

/** The one code of a report on reserves. */
export type ReservesReportCode = 'valid' | ReservesFailureCode | ReservesUnverifiableCode;

/** The entry of a failure or of what is missing. */
export function describeReservesCode(
  code: ReservesFailureCode | ReservesUnverifiableCode,
): ReservesCodeEntry {
  return isReservesFailure(code) ? RESERVES_FAILURES[code] : RESERVES_UNVERIFIABLE[code];
}

/** Whether a code is one that makes reserves invalid. */
export function isReservesFailure(code: string): code is ReservesFailureCode {
  return Object.hasOwn(RESERVES_FAILURES, code);
}

/** Whether a code is one that leaves reserves unverifiable. */
export function isReservesUnverifiable(code: string): code is ReservesUnverifiableCode {
  return Object.hasOwn(RESERVES_UNVERIFIABLE, code);
}

const refuseCheck = defineErrors(classifyCodes<ReservesFailureCode>(RESERVES_FAILURES, 'verification'));
const missTrust = defineErrors(classifyCodes<ReservesUnverifiableCode>(RESERVES_UNVERIFIABLE, 'trust'));

/** What a check of reserves that does not pass throws; `evidence` says "expected X, got Y". */
export function refuseReserves(
  code: ReservesFailureCode,
  evidence: string,
  cause?: unknown,
): SolventError<ReservesFailureCode> {
  return refuseCheck(code, evidence, { cause });
}

/** What a check throws that cannot be made for want of what only the caller can bring. */
export function missForReserves(
  code: ReservesUnverifiableCode,
  evidence: string,
): SolventError<ReservesUnverifiableCode> {
  return missTrust(code, evidence);
}
