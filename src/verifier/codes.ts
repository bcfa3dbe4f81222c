import type {
  ChallengeCode,
  DecimalCode,
  EncodingCode,
  EquationCode,
  InclusionCode,
  InclusionSizeCode,
  JsonCode,
  PriceCode,
  SchemaCode,
  StatementCode,
} from '../protocol/index.js';
import type { LineCode } from '../protocol/valuation/index.js';
import type { PlainSentence } from '../presentation/index.js';

/** The checks of section 8 of the protocol, in order: 1 to 8 of a bundle, U1 to U11 of one user. U8 is 1 to 8 over all lines. */
export const CHECK_NUMBERS = [
  ...(['1', '2', '3', '4', '5', '6', '7', '8'] as const),
  ...(['U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'U7', 'U9', 'U10', 'U11'] as const),
] as const;

export type CheckNumber = (typeof CHECK_NUMBERS)[number];

/** What a code is about: the check that gives it, a sentence, and what its reader does next. */
export type CodeEntry = {
  readonly check: CheckNumber;
  readonly sentence: PlainSentence;
  readonly advice: PlainSentence;
};

/** Why a bundle or an inclusion file is invalid. */
export type FailureCode =
  | FormCode
  | 'signing-key-not-pinned'
  | 'signature-invalid'
  | 'platform-not-pinned'
  | 'manifest-hash-differs'
  | 'previous-manifest-differs'
  | PublicationCode
  | KeyCode
  | 'scale-differs'
  | PriceCode
  | DecimalCode
  | 'commitments-hash'
  | ChallengeCode
  | 'proof'
  | EquationCode
  | InclusionCode
  | 'statement-missing'
  | StatementCode
  | LineCode;

/** 2: what others were shown is another manifest, or is not shown to be this one. */
type PublicationCode =
  | 'instant-in-future'
  | 'registry-contract-differs'
  | 'registry-block-differs'
  | 'registry-proof-invalid'
  | 'registry-distance'
  | 'manifest-not-registered'
  | 'registered-manifest-differs'
  | 'log-proof-invalid';

/** 1: what was published is not what its format says. */
type FormCode =
  | JsonCode
  | SchemaCode
  | EncodingCode
  | InclusionSizeCode
  | 'line-too-long'
  | 'line-unterminated'
  | 'asset-not-listed'
  | 'stated-amount-unfit'
  | 'circuit-set-malformed'
  | 'too-many-proofs'
  | 'line-count'
  | 'digest-repeated'
  | 'point-form';

/** The one code of a report. */
export type ReportCode = 'valid' | FailureCode | UnverifiableCode;

/** Why nothing can be said: what only the caller can bring is not there, or contradicts itself. */
export type UnverifiableCode =
  | 'trust-missing'
  | 'trust-hash-differs'
  | 'trust-inconsistent'
  | 'registry-not-pinned'
  | 'log-not-pinned'
  | 'log-witnesses-missing'
  | 'not-published'
  | 'manifest-missing'
  | 'commitments-missing'
  | 'weights-missing'
  | 'proofs-missing'
  | 'ceremony-not-shown'
  | 'totals-not-checked';

/** 3: the keys are not the pinned ones, or prove nothing. */
type KeyCode =
  | 'profile-not-pinned'
  | 'circuit-not-pinned'
  | 'circuit-missing'
  | 'circuit-parameters-differ'
  | 'key-fingerprint-differs'
  | 'key-provenance-differs'
  | 'key-signal-count-differs'
  | 'key-point-at-infinity'
  | 'key-point-not-on-curve'
  | 'key-point-not-in-subgroup'
  | 'key-forgeable'
  | 'key-shared'
  | 'development-keys'
  | 'ceremony-transcript-broken'
  | 'ceremony-signature-invalid'
  | 'ceremony-beacon-invalid'
  | 'ceremony-provenance-differs'
  | 'ceremony-contribution-invalid'
  | 'ceremony-of-other-keys';

const NOT_PUBLISHED =
  'Download the file again from the platform; if it stays the same, the platform did not publish a proof: ask it why.';
const NOT_SHOWN =
  'Do not rely on this snapshot: what it states is not shown. Keep the files and the manifest hash, and ask the platform.';
const OWN_TRUST =
  'Compare your trust file with one from a public place; if it is right, the platform used other circuits or keys.';
const NEW_EVIDENCE =
  'Get the evidence again; if it stays the same, ask the platform for one that its own verifier passes.';
const OTHER_EVIDENCE =
  'Do not believe what is stated of the ceremony. Get ceremony.json again from the platform; if it stays the same, the keys are not shown to be of any ceremony.';
const OWN_FILE =
  'Ask the platform for your inclusion file of this snapshot again; if it stays the same, your account is not shown to be in the totals.';
const ASK_ABOUT_LINE =
  'Keep the file: the line contradicts itself or the published prices. Ask the platform which of them is right.';

type Maker = (sentence: PlainSentence, advice?: PlainSentence) => CodeEntry;
const maker =
  (check: CheckNumber, usual: PlainSentence): Maker =>
  (sentence, advice = usual) => ({ check, sentence, advice });

const form = maker('1', NOT_PUBLISHED);
const origin = maker('2', NOT_PUBLISHED);
const key = maker('3', OWN_TRUST);
const price = maker('4', NOT_SHOWN);
const own = (check: CheckNumber, sentence: PlainSentence) => maker(check, OWN_FILE)(sentence);

const line = (sentence: PlainSentence) => maker('U11', ASK_ABOUT_LINE)(sentence);

/** Every way in which a bundle or an inclusion file is refused. */
export const FAILURES: Readonly<Record<FailureCode, CodeEntry>> = {
  'json-malformed': form('A file or line is not JSON in UTF-8.'),
  'json-not-canonical': form('A file or line is JSON, but not in its one canonical spelling.'),
  'json-too-deep': form('A file or line is nested deeper than any published format.'),
  'json-too-large': form('A file or line is larger than its format allows.'),
  'format-unknown': form(
    'A file is of a format or version that this verifier does not know.',
    'Use a verifier that knows this version, or the file that this command asks for.',
  ),
  'schema-violated': form('A field is missing, unknown, of another type or out of its range.'),
  'base64url-malformed': form('Bytes are not in their one form of text.'),
  'inclusion-not-padded': form('The inclusion file does not have the size of its format.', OWN_FILE),
  'inclusion-too-large': form('The inclusion file is larger than its format allows.', OWN_FILE),
  'line-too-long': form('A line is longer than any of its format.'),
  'line-unterminated': form('The last line of a list has no line feed: the file was cut off.'),
  'asset-not-listed': form('The manifest states an amount of an asset that it does not list.'),
  'stated-amount-unfit': form(
    'A rounding, a write-off or an accepted break does not fit the totals and counts beside it.',
  ),
  'circuit-set-malformed': form('The circuits of the manifest disagree with themselves: names or tags.'),
  'too-many-proofs': form('There are more proofs than this verifier reads.'),
  'line-count': form('There are not as many commitments and proofs of each circuit, in order, as stated.'),
  'digest-repeated': form('Two commitments have the same digest.'),
  'point-form': form('A point is not one of the curve in its one form.'),

  'signing-key-not-pinned': origin(
    'The manifest is signed under another key than the one you pinned.',
    'Compare the signing key of your trust file with the platform’s public announcement of it.',
  ),
  'signature-invalid': origin(
    'The signature is not one of this manifest: somebody changed it after it was signed.',
  ),
  'platform-not-pinned': origin(
    'The manifest is one of another platform than the one you pinned.',
    'Bring the trust file of the platform whose manifest this is.',
  ),
  'manifest-hash-differs': origin(
    'This manifest is not the one whose hash you brought: others were shown another one.',
    'Keep both hashes and the files: two manifests for one snapshot are evidence against the platform.',
  ),
  'previous-manifest-differs': origin(
    'The manifest does not follow the one whose hash you brought.',
    'Ask the platform for every manifest between the two: a snapshot may have been withdrawn.',
  ),

  'instant-in-future': origin(
    'The snapshot is of an instant that is not there yet.',
    'Set your clock right; if it is, nobody can have taken this snapshot: ask the platform.',
  ),
  'registry-contract-differs': origin(
    'The evidence is of another registry than the one you pinned.',
    'Compare the registry of your pins with the platform’s public announcement of it.',
  ),
  'registry-block-differs': origin(
    'The evidence is of another block than the one you pinned.',
    'Ask the platform for evidence at the block you pinned, or pin the block it is of once you know it from elsewhere.',
  ),
  'registry-proof-invalid': origin('The evidence does not show what the registry holds.', NEW_EVIDENCE),
  'registry-distance': origin(
    'The registry lets instants be closer to each other than the manifest says.',
    'Ask the platform for a registry that keeps the distance that it states.',
  ),
  'manifest-not-registered': origin(
    'The registry holds no manifest of this instant.',
    'Ask the platform to write the manifest into its registry, or pin a later block with new evidence.',
  ),
  'registered-manifest-differs': origin(
    'The registry holds another manifest for this instant: others were shown that one.',
    'Keep the files and the evidence: two manifests for one instant are evidence against the platform.',
  ),
  'log-proof-invalid': origin('The proof does not show that the manifest is in the log.', NEW_EVIDENCE),

  'profile-not-pinned': key('The manifest names another profile of circuits than the one you pinned.'),
  'circuit-not-pinned': key('The manifest uses a circuit that you did not pin.'),
  'circuit-missing': key('The manifest lacks a circuit that you pinned.'),
  'circuit-parameters-differ': key('A circuit has another layout than the one you pinned.'),
  'key-fingerprint-differs': key('A verification key is not the one you pinned.'),
  'key-provenance-differs': key('A verification key is stated to be made in another way than you pinned.'),
  'key-signal-count-differs': key('A verification key is for another number of public signals.', NOT_SHOWN),
  'key-point-at-infinity': key('A point of a verification key is the point at infinity.', NOT_SHOWN),
  'key-point-not-on-curve': key('A point of a verification key is not on its curve.', NOT_SHOWN),
  'key-point-not-in-subgroup': key(
    'A point of a verification key is outside the prime-order subgroup.',
    NOT_SHOWN,
  ),
  'key-forgeable': key(
    'A verification key accepts proofs that anyone can make without a witness.',
    NOT_SHOWN,
  ),
  'key-shared': key('Two circuits have the same verification key.', NOT_SHOWN),
  'development-keys': key(
    'The keys are development keys: whoever made them can prove anything.',
    'Ask for a snapshot proven under keys of a ceremony. For a test, repeat with --allow-development-keys.',
  ),
  'ceremony-transcript-broken': key(
    'The evidence of the ceremony contradicts itself: a step of it does not follow from the one before.',
    OTHER_EVIDENCE,
  ),
  'ceremony-signature-invalid': key(
    'A contribution of the ceremony is not signed by the key that it names.',
    OTHER_EVIDENCE,
  ),
  'ceremony-beacon-invalid': key(
    'The value that closed the ceremony is not the one that it had announced.',
    OTHER_EVIDENCE,
  ),
  'ceremony-provenance-differs': key(
    'The evidence is of another ceremony than the keys are stated to be from, or of other numbers.',
    OTHER_EVIDENCE,
  ),
  'ceremony-contribution-invalid': key(
    'A contribution to a key is not one: its points do not follow, or nobody shows to have known its factor.',
    OTHER_EVIDENCE,
  ),
  'ceremony-of-other-keys': key(
    'A key is not the one that the ceremony’s contributions made.',
    OTHER_EVIDENCE,
  ),

  'scale-differs': price('The manifest states another scale than its prices give.'),
  'debt-without-price': price('An asset of price 0 is owed by users: debt in it would be free.'),
  'quote-price-not-one': price('The quote currency is listed at a price other than 1 of itself.'),
  'price-too-small': price('A price is so small that rounding would eat it.'),
  'price-too-large': price('A price is too large for the circuits.'),
  'collateral-ratio-out-of-range': price('A collateral ratio is above 1.'),
  'decimal-malformed': price('A price or ratio has more digits than prices may have.'),

  'commitments-hash': maker('5', NOT_PUBLISHED)('The commitments are not those that the manifest pins.'),
  'challenge-zero': maker('5', NOT_SHOWN)('A challenge is one that would void a check.'),
  proof: maker('6', NOT_SHOWN)('A proof does not prove its batch under the key of its circuit.'),
  totals: maker('7', NOT_SHOWN)('The proofs do not add up to the published totals.'),
  'weights-form': maker('8', NOT_PUBLISHED)('The weighted totals are not as many as the assets ask for.'),
  cover: maker('8', NOT_SHOWN)('The proofs do not show that collateral covers all debts.'),

  'inclusion-of-other-snapshot': maker('U1', OWN_FILE)(
    'The inclusion file is of another snapshot than the manifest.',
    'Bring the manifest of the same snapshot, or ask the platform for your file of this one.',
  ),
  'part-missing': own('U1', 'The file does not show all parts of the account.'),
  'part-order': own('U1', 'The parts of the file are not those of the account in their order.'),
  'part-repeated': own('U1', 'Two parts of the file are one row.'),
  'group-size': own('U2', 'The file does not show exactly the groups that its parts are in.'),
  'slot-form': own('U3', 'The amounts of a part are not in their one form, or do not cover its debts.'),
  opening: own('U5', 'A row is not a commitment to the amounts shown.'),
  'id-commitment': own('U6', 'A row is not one of the id that you gave, with this statement.'),
  'group-hash': own('U7', 'A group of rows is not the one that its batch commits to.'),
  'list-hash': own('U7', 'The groups of a batch are not those that the manifest pins.'),
  'group-opening': own('U9', 'The rows of a group are not those that the proof of its batch counts.'),
  sums: own('U10', 'The statement does not add up to what the rows hold.'),
  'statement-missing': own(
    'U10',
    'The manifest says that books were reconciled, and the file has no statement of what its user has in them.',
  ),
  'holding-above-total': maker('U10', NOT_SHOWN)(
    'The rows hold or owe more of an asset than the published total of everybody.',
    'Do not rely on this snapshot: whoever made it can prove what is not true. Keep the files, and show them to others.',
  ),
  'statement-asset-not-listed': own(
    'U10',
    'A line of the statement is of an asset that the manifest does not list.',
  ),
  'statement-value-too-fine': own('U10', 'A line of the statement is no whole number of proof units.'),
  'statement-not-sorted': own('U10', 'The lines of the statement are not distinct and in their one order.'),
  'statement-line-differs': line(
    'The value of a line of the statement is not the one that follows from what the line states.',
  ),
  'statement-price-differs': line(
    'A line of the statement is converted at a price that the manifest does not publish.',
  ),
  'statement-quote-unfit': line(
    'A line of the statement is at a price that its instrument does not have at the instant of the snapshot.',
  ),
  'statement-instrument-differs': line(
    'Two lines of the statement are of one instrument, with different terms or prices.',
  ),
  'statement-model-unfit': line('A line of the statement has inputs that the model has no price for.'),
};

const unverifiable = (check: CheckNumber, sentence: PlainSentence, advice: PlainSentence): CodeEntry => ({
  check,
  sentence,
  advice,
});

/** What is missing where nothing can be said, and how to get it. */
export const UNVERIFIABLE: Readonly<Record<UnverifiableCode, CodeEntry>> = {
  'trust-missing': unverifiable(
    '2',
    'No trust file: nothing tells whose signature and which circuits and keys to believe.',
    'Get the platform’s trust file from a public place other than the bundle, and pass it with --trust.',
  ),
  'trust-hash-differs': unverifiable(
    '2',
    'The trust file is not the one whose hash you brought.',
    'Do not use it. Get the trust file from the place where you found the hash, and ask why this one is another.',
  ),
  'registry-not-pinned': unverifiable(
    '2',
    'Your pins name no registry of this platform, or no block of it.',
    'Add the platform’s registry, and a block that you know from elsewhere, to your pins, and pass them with --pins.',
  ),
  'log-not-pinned': unverifiable(
    '2',
    'Your pins do not name the log that the proof is of.',
    'Add the log and the witnesses that you believe to your pins, and pass them with --pins.',
  ),
  'log-witnesses-missing': unverifiable(
    '2',
    'Fewer of your pinned witnesses have seen the log than your pins ask for.',
    'Ask the platform for a proof with more cosignatures; do not ask for fewer witnesses because of it.',
  ),
  'not-published': unverifiable(
    '2',
    'The manifest was not compared with what others were shown, and you asked for that.',
    'Bring its hash from a public place, the evidence of its registry, or the proof of a log.',
  ),
  'trust-inconsistent': unverifiable(
    '3',
    'The trust file contradicts itself: a circuit in it has the name or tag of another layout.',
    'Get the trust file again from a public place.',
  ),
  'manifest-missing': unverifiable(
    '1',
    'No manifest: the inclusion file alone does not say what it is part of.',
    'Pass the bundle with --bundle, or the public manifest with its files beside it with --manifest.',
  ),
  'commitments-missing': unverifiable(
    '1',
    'The snapshot is announced, and no more: its commitments and proofs are not here.',
    'Get commitments.ndjson, proofs.ndjson and weights.json from where the manifest is. Where there are none, the platform has not published a proof yet.',
  ),
  'weights-missing': unverifiable(
    '1',
    'The weighted totals are not here: without them no proof can be checked.',
    'Get weights.json from where the manifest is.',
  ),
  'proofs-missing': unverifiable(
    '1',
    'The snapshot is announced, and no more: its proofs are not here.',
    'Get proofs.ndjson from where the manifest is. Where there is none, the platform has not published a proof yet.',
  ),
  'ceremony-not-shown': unverifiable(
    '3',
    'How the keys were made is stated, not shown, and you required it to be shown.',
    'Get ceremony.json from the platform’s public page and pass it with --ceremony. Where there is none, ask why.',
  ),
  'totals-not-checked': unverifiable(
    '6',
    'Your rows are proven, the totals were not checked.',
    'Check the proofs of everybody: leave out --own-rows. Only then are your rows part of the totals.',
  ),
};

/** The entry of a failure or of what is missing. */
export function describeCode(code: FailureCode | UnverifiableCode): CodeEntry {
  return isFailureCode(code) ? FAILURES[code] : UNVERIFIABLE[code];
}

/** Whether a code is one that makes a bundle or an inclusion file invalid. */
export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(FAILURES, code);
}

/** Whether a code is one that leaves a bundle or an inclusion file unverifiable. */
export function isUnverifiableCode(code: string): code is UnverifiableCode {
  return Object.hasOwn(UNVERIFIABLE, code);
}
