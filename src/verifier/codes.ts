import type {
  DecimalCode,
  JsonCode,
  LeafCode,
  PriceCode,
  SchemaCode,
  StatementCode,
} from '../protocol/index.js';
import type { LineCode } from '../protocol/valuation/index.js';

/** The items of section 6 of the protocol. */
export type CheckNumber = '6.1' | '6.2' | '6.3' | '6.4' | '6.5' | '6.6' | '6.7' | '6.8';

/** What a code is about: the check that gives it, a sentence, and what its reader does next. */
export type CodeEntry = {
  readonly check: CheckNumber;
  readonly sentence: string;
  readonly advice: string;
};

/** Why a bundle or an inclusion file is invalid. */
export type FailureCode =
  | ReadingCode
  | 'signing-key-not-pinned'
  | 'signature-invalid'
  | 'manifest-hash-differs'
  | 'previous-manifest-differs'
  | KeyCode
  | 'scale-differs'
  | PriceCode
  | DecimalCode
  | ProofCode
  | TreeCode
  | 'totals-not-of-assets'
  | 'top-root-differs'
  | 'top-totals-differ'
  | InclusionCode
  | StatementCode
  | LineCode
  | LeafCode;

/** Why nothing can be said: what only the caller can bring is not there, or contradicts itself. */
export type UnverifiableCode =
  'trust-missing' | 'trust-hash-differs' | 'trust-inconsistent' | 'manifest-missing';

/** The one code of a report. */
export type ReportCode = 'valid' | FailureCode | UnverifiableCode;

/** 6.1: what was published is not what its format says. */
export type ReadingCode =
  | JsonCode
  | SchemaCode
  | 'asset-listed-twice'
  | 'too-many-assets'
  | 'asset-not-listed'
  | 'circuit-set-malformed'
  | 'too-many-proofs';

/** 6.3: the keys are not the pinned ones, or prove nothing. */
export type KeyCode =
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
  | 'development-keys';

/** 6.5: the proofs are not what their format and the manifest say, or one does not hold. */
export type ProofCode =
  | 'line-too-long'
  | 'line-unterminated'
  | 'proof-malformed'
  | 'circuit-not-listed'
  | 'proof-count-differs'
  | 'proof-point-at-infinity'
  | 'proof-point-not-on-curve'
  | 'proof-point-not-in-subgroup'
  | 'proof-invalid';

/** 6.6: the digests do not form one tree in which every proof stands once. */
export type TreeCode =
  | 'digest-repeated'
  | 'digest-null'
  | 'aggregate-digest-differs'
  | 'aggregate-empty'
  | 'child-beyond-circuit'
  | 'child-after-null'
  | 'child-without-proof'
  | 'child-repeated'
  | 'top-missing'
  | 'top-not-aggregate'
  | 'top-is-child'
  | 'proof-not-reached'
  | 'tree-too-deep';

/** 6.8: the file does not show this user in this snapshot. */
export type InclusionCode =
  | 'inclusion-of-other-snapshot'
  | 'user-id-differs'
  | 'inclusion-circuit-not-batch'
  | 'holding-not-listed'
  | 'net-value-negative'
  | 'statement-does-not-add-up'
  | 'position-beyond-batch'
  | 'path-length-differs'
  | 'batch-digest-differs'
  | 'slot-beyond-circuit'
  | 'slot-differs'
  | 'path-not-to-top'
  | 'batch-not-in-bundle';

const NOT_PUBLISHED =
  'Download the file again from the platform; if it stays the same, the platform did not publish a proof: ask it why.';
const NOT_SHOWN =
  'Do not rely on this snapshot: what it states is not shown. Keep the files and the manifest hash, and ask the platform.';
const OWN_TRUST =
  'Compare your trust file with one from a public place; if it is right, the platform used other circuits or keys.';
const OWN_FILE =
  'Ask the platform for your inclusion file of this snapshot again; if it stays the same, your account is not shown to be in the totals.';
const ASK_ABOUT_LINE =
  'Keep the file: the line contradicts itself or the published prices. Ask the platform which of them is right.';

const reading = (sentence: string): CodeEntry => ({ check: '6.1', sentence, advice: NOT_PUBLISHED });
const key = (sentence: string, advice = OWN_TRUST): CodeEntry => ({ check: '6.3', sentence, advice });
const price = (sentence: string): CodeEntry => ({ check: '6.4', sentence, advice: NOT_SHOWN });
const proofList = (sentence: string): CodeEntry => ({ check: '6.5', sentence, advice: NOT_PUBLISHED });
const proof = (sentence: string): CodeEntry => ({ check: '6.5', sentence, advice: NOT_SHOWN });
const tree = (sentence: string): CodeEntry => ({ check: '6.6', sentence, advice: NOT_SHOWN });
const total = (sentence: string): CodeEntry => ({ check: '6.7', sentence, advice: NOT_SHOWN });
const path = (sentence: string): CodeEntry => ({ check: '6.6', sentence, advice: OWN_FILE });
const inclusion = (sentence: string, advice = OWN_FILE): CodeEntry => ({ check: '6.8', sentence, advice });

/** Every way in which a bundle or an inclusion file is refused. */
export const FAILURES: Readonly<Record<FailureCode, CodeEntry>> = {
  'json-malformed': reading('A file is not JSON in UTF-8.'),
  'json-not-canonical': reading('A file is JSON, but not in its one canonical spelling.'),
  'json-too-deep': reading('A file is nested deeper than any published format.'),
  'json-too-large': reading('A file is larger than its format allows.'),
  'format-unknown': {
    check: '6.1',
    sentence: 'A file is of a format or version that this verifier does not know.',
    advice: 'Use a verifier that knows this version, or the file that this command asks for.',
  },
  'schema-violated': reading('A field is missing, unknown, of another type or out of its range.'),
  'asset-listed-twice': reading('The manifest lists an asset twice.'),
  'too-many-assets': reading('The manifest lists more assets than its circuits have columns.'),
  'asset-not-listed': reading('The manifest states an amount of an asset that it does not list.'),
  'circuit-set-malformed': reading(
    'The circuits of the manifest are not one set: names, tags or sizes disagree.',
  ),
  'too-many-proofs': reading('The manifest states more proofs than this verifier reads.'),

  'signing-key-not-pinned': {
    check: '6.2',
    sentence: 'The manifest is signed under another key than the one you pinned.',
    advice: 'Compare the signing key of your trust file with the platform’s public announcement of it.',
  },
  'signature-invalid': {
    check: '6.2',
    sentence: 'The signature is not one of this manifest: somebody changed it after it was signed.',
    advice: NOT_PUBLISHED,
  },
  'manifest-hash-differs': {
    check: '6.2',
    sentence: 'This manifest is not the one whose hash you brought: others were shown another one.',
    advice:
      'Keep both hashes and the files: two manifests for one snapshot are evidence against the platform.',
  },
  'previous-manifest-differs': {
    check: '6.2',
    sentence: 'The manifest does not follow the one whose hash you brought.',
    advice: 'Ask the platform for every manifest between the two: a snapshot may have been withdrawn.',
  },

  'profile-not-pinned': key('The manifest names another profile of circuits than the one you pinned.'),
  'circuit-not-pinned': key('The manifest uses a circuit that you did not pin.'),
  'circuit-missing': key('The manifest lacks a circuit that you pinned.'),
  'circuit-parameters-differ': key('A circuit has other sizes than the one you pinned.'),
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

  'scale-differs': price('The manifest states another scale than its prices give.'),
  'debt-without-price': price('Somebody owes an asset of price 0: such a debt needs next to no collateral.'),
  'price-too-small': price('A price is so small that rounding would eat it.'),
  'price-too-large': price('A price is too large for the circuits.'),
  'collateral-ratio-out-of-range': price('A collateral ratio is above 1.'),
  'decimal-malformed': price('A price or ratio has more digits than prices may have.'),

  'line-too-long': proofList('A line of proofs is longer than any proof.'),
  'line-unterminated': proofList('The last line of a list of proofs has no line feed: the file was cut off.'),
  'proof-malformed': proofList('A line of proofs is not canonical JSON, or not of its schema.'),
  'circuit-not-listed': proofList('A proof names a circuit that is no batch circuit of the manifest.'),
  'proof-count-differs': proofList('There are more or fewer proofs than the manifest states.'),
  'proof-point-at-infinity': proof('A point of a proof is the point at infinity.'),
  'proof-point-not-on-curve': proof('A point of a proof is not on its curve.'),
  'proof-point-not-in-subgroup': proof('A point of a proof is outside the prime-order subgroup.'),
  'proof-invalid': proof('A proof does not prove its digest under the key of its circuit.'),

  'digest-repeated': tree('Two proofs of the bundle have the same digest.'),
  'digest-null': tree('A proof claims the digest that stands for a missing child.'),
  'aggregate-digest-differs': tree('The digest of an aggregate is not that of its children and totals.'),
  'aggregate-empty': tree('An aggregate has no child at all.'),
  'child-beyond-circuit': tree('An aggregate has more children than its circuit sums.'),
  'child-after-null': tree('An aggregate has a child behind a missing one.'),
  'child-without-proof': tree(
    'A child of an aggregate has no proof in the bundle: its total may be anything.',
  ),
  'child-repeated': tree('A digest is a child twice.'),
  'top-missing': tree('The bundle has no proof of the top that the manifest names.'),
  'top-not-aggregate': tree('The top is a bare batch, whose totals nothing ranges.'),
  'top-is-child': tree('The top is a child of another proof: there is more above it.'),
  'proof-not-reached': tree('A proof of the bundle is not below the top: it is counted nowhere.'),
  'tree-too-deep': tree('There are more layers of aggregates than the format allows.'),

  'totals-not-of-assets': total('The stated totals are not one for each listed asset, in order.'),
  'top-root-differs': total('The root of the top is not that of its children.'),
  'top-totals-differ': total('The stated totals are not those that the proofs commit to.'),

  'inclusion-of-other-snapshot': {
    check: '6.1',
    sentence: 'The inclusion file is of another snapshot than the manifest.',
    advice: 'Bring the manifest of the same snapshot, or ask the platform for your file of this one.',
  },
  'user-id-differs': inclusion(
    'The inclusion file is not of the user id that you gave.',
    'Type the id by which you know yourself at the platform; if it is right, this is the file of someone else.',
  ),
  'inclusion-circuit-not-batch': {
    check: '6.1',
    sentence: 'The file names a circuit that is no batch circuit of the snapshot.',
    advice: OWN_FILE,
  },
  'holding-not-listed': inclusion('A holding is of an asset that the manifest does not list.'),
  'holdings-not-sorted': inclusion('The holdings are not distinct and in the order of the manifest.'),
  'too-many-holdings': inclusion('There are more holdings than the circuit has slots.'),
  'amount-out-of-range': inclusion('A holding is empty.'),
  'debt-in-spot': inclusion('A holding has debt in a circuit without debt.'),
  'net-value-negative': inclusion('The holdings do not cover the debts at the published prices.'),
  'statement-asset-not-listed': inclusion(
    'A line of the statement is of an asset that the manifest does not list.',
  ),
  'statement-value-too-fine': inclusion('A line of the statement is no whole number of proof units.'),
  'statement-not-sorted': inclusion('The lines of the statement are not distinct and in their one order.'),
  'statement-does-not-add-up': inclusion(
    'The lines of the statement do not add up to the holdings.',
    'Keep the file: its lines contradict the holdings that it states. Ask the platform which of the two is right.',
  ),
  'statement-line-differs': inclusion(
    'The value of a line of the statement is not the one that follows from what the line states.',
    ASK_ABOUT_LINE,
  ),
  'statement-price-differs': inclusion(
    'A line of the statement is converted at a price that the manifest does not publish.',
    ASK_ABOUT_LINE,
  ),
  'statement-quote-unfit': inclusion(
    'A line of the statement is at a price that its instrument does not have at the instant of the snapshot.',
    ASK_ABOUT_LINE,
  ),
  'statement-instrument-differs': inclusion(
    'Two lines of the statement are of one instrument, with different terms or prices.',
    ASK_ABOUT_LINE,
  ),
  'statement-model-unfit': inclusion(
    'A line of the statement has inputs that the model has no price for.',
    ASK_ABOUT_LINE,
  ),
  'position-beyond-batch': inclusion('The position is beyond the rows of a batch.'),
  'path-length-differs': inclusion(
    'The path in the batch is not as long as the tree of its circuit is deep.',
  ),
  'batch-digest-differs': inclusion(
    'This id with this statement and these holdings is not in the batch: the digest is another one.',
  ),
  'slot-beyond-circuit': path('A layer of the path names a child that its circuit does not have.'),
  'slot-differs': path('A layer of the path does not have the layer below as its child.'),
  'path-not-to-top': path('The path does not end at the top of the manifest.'),
  'batch-not-in-bundle': inclusion('A proof of the path is not in the bundle.'),
};

/** What is missing where nothing can be said, and how to get it. */
export const UNVERIFIABLE: Readonly<Record<UnverifiableCode, CodeEntry>> = {
  'trust-missing': {
    check: '6.2',
    sentence: 'No trust file: nothing tells whose signature and which circuits and keys to believe.',
    advice:
      'Get the platform’s trust file from a public place other than the bundle, and pass it with --trust.',
  },
  'trust-hash-differs': {
    check: '6.2',
    sentence: 'The trust file is not the one whose hash you brought.',
    advice:
      'Do not use it. Get the trust file from the place where you found the hash, and ask why this one is another.',
  },
  'trust-inconsistent': {
    check: '6.3',
    sentence: 'The trust file contradicts itself: it pins no circuit set.',
    advice: 'Get the trust file again from a public place.',
  },
  'manifest-missing': {
    check: '6.1',
    sentence: 'No manifest: the inclusion file alone does not say what it is part of.',
    advice: 'Pass the bundle with --bundle, or the public manifest with --manifest.',
  },
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
