import { PLAN_ERRORS } from '../plan/index.js';
import { defineErrors, PROTOCOL_ERRORS } from '../protocol/index.js';

/** Why a snapshot cannot be taken, read or inspected: whose move is next, and what to do. */
export const SNAPSHOT_ERRORS = {
  // What the commands were given.
  /** A text that is no symbol of a currency. */
  'quote-malformed': { class: 'usage' },
  /** Columns are renamed or ignored that are not there, or that something reads. */
  'columns-malformed': { class: 'usage' },
  /** The snapshot has no user of this id. */
  'user-not-in-snapshot': { class: 'usage', advice: 'give it just as the books have it, capitals included' },
  /** The configuration is not YAML, or not in its plain part. */
  'config-malformed': { class: 'usage' },
  /** The configuration has faults, each with its path. */
  'config-invalid': { class: 'usage' },
  /** The configuration states another format. */
  'config-format-unknown': { class: 'usage' },
  /** There is no ledger of the period. */
  'ledger-missing': {
    class: 'usage',
    advice: 'name the configuration and the ledger that the later snapshot was made of',
  },
  /** The ledger is not the one that the later snapshot was made of. */
  'ledger-differs': {
    class: 'usage',
    advice: 'name the configuration and the ledger that the later snapshot was made of',
  },

  // Databases.
  /** The environment variable with the URL is not set. */
  'connection-unset': { class: 'usage', advice: 'set it' },
  /** The URL is none of a PostgreSQL database. */
  'connection-malformed': { class: 'usage' },
  /** The database does not answer. */
  'connection-refused': { class: 'usage' },
  /** The database does not let this user in. */
  'connection-denied': { class: 'usage' },
  /** The certificate of the database is not one that is trusted. */
  'certificate-invalid': { class: 'usage' },
  /** The connection ended while it was read from. */
  'connection-lost': { class: 'usage' },
  /** The user may not read what the query reads. */
  'permission-denied': { class: 'usage' },
  /** A query of the configuration does not run. */
  'query-failed': { class: 'usage' },

  // Sealed snapshots.
  /** The directory holds no snapshot. */
  'snapshot-missing': { class: 'usage', advice: 'run solvent snapshot, or name the directory that it made' },
  /** A file does not have the size or the hash that the snapshot states. */
  'snapshot-file-changed': { class: 'artefact', advice: 'restore the file, or take the snapshot again' },
  /** The files of accounts and statements do not belong together. */
  'snapshot-accounts-mismatch': { class: 'artefact', advice: 'take the snapshot again' },
  /** The snapshot contradicts itself. */
  'snapshot-inconsistent': { class: 'format' },

  // Sources.
  /** A source is said to be complete to an earlier instant than the snapshot. */
  'source-incomplete': { class: 'source', advice: 'export it again later, and say so' },
  /** A file changed while it was read. */
  'source-changed': { class: 'source', advice: 'run the command again' },
  /** No file matches a pattern of the configuration. */
  'files-missing': { class: 'source' },
  /** More files match than a source may have. */
  'files-too-many': { class: 'source', advice: 'join some of them' },
  /** One file is read twice for a source. */
  'file-doubled': { class: 'source' },
  /** A file is not of its format, or was cut off. */
  'file-malformed': { class: 'source' },
  /** A file has nothing in it. */
  'file-empty': { class: 'source' },
  /** A file is not in UTF-8. */
  'text-not-utf8': { class: 'source' },
  /** A file has a zero byte. */
  'text-has-zero-byte': { class: 'source' },
  /** Lines end in a way that no CSV file has. */
  'line-ending-unknown': { class: 'source' },
  /** A quotation mark stands inside a value. */
  'quote-misplaced': { class: 'source' },
  /** A quoted value has no end. */
  'quote-unclosed': { class: 'source' },
  /** A row is longer than any may be. */
  'row-too-long': { class: 'source' },
  /** A row is empty. */
  'row-blank': { class: 'source' },
  /** A row has more or fewer values than the header. */
  'row-ragged': { class: 'source' },
  /** A key stands twice in a source. */
  'row-doubled': { class: 'source' },
  /** A user has two rows of one asset. */
  'holding-doubled': { class: 'source' },
  /** There is nobody in it. */
  'rows-missing': { class: 'source' },
  /** A column that is needed is not there. */
  'column-missing': { class: 'source' },
  /** A column has a name that nothing reads. */
  'column-unknown': { class: 'source' },
  /** Two columns have one name. */
  'column-doubled': { class: 'source' },
  /** A column has a type that cannot hold its values. */
  'column-type-unfit': { class: 'source' },
  /** Two files of one source have different columns. */
  'columns-differ': { class: 'source' },
  /** A line is not one JSON object. */
  'row-not-json': { class: 'source' },
  /** An object has a key twice. */
  'json-key-doubled': { class: 'source' },
  /** A value is an object or a list. */
  'json-value-nested': { class: 'source' },
  /** A number has more digits than JSON readers keep. */
  'json-number-inexact': { class: 'source' },

  // Values.
  /** A value is missing. */
  'value-missing': { class: 'source' },
  /** There is a value where none may be. */
  'value-unexpected': { class: 'source' },
  /** A text is longer than any may be. */
  'text-too-long': { class: 'source' },
  /** A text has a character that nobody sees. */
  'text-has-control-character': { class: 'source' },
  /** Two ids look alike and differ only in their Unicode form. */
  'name-ambiguous': { class: 'source' },
  /** A text is no symbol of an asset. */
  'symbol-malformed': { class: 'source' },
  /** A text is no number of decimals. */
  'decimals-malformed': { class: 'source' },
  /** A text is no amount. */
  'amount-malformed': { class: 'source' },
  /** An amount is below 0. */
  'amount-negative': { class: 'source' },
  /** An amount is no finite number. */
  'amount-not-finite': { class: 'source' },
  /** An amount is not above 0. */
  'amount-not-positive': { class: 'source' },
  /** An amount has more decimals than its asset. */
  'amount-too-precise': { class: 'source' },
  /** An amount is too large for the circuits. */
  'amount-too-large': { class: 'source' },
  /** The sums of a source are too large. */
  'total-too-large': { class: 'source', advice: 'correct its amounts' },
  /** An instant has no zone, and the configuration states none. */
  'instant-ambiguous': { class: 'source' },
  /** A text is neither true nor false. */
  'boolean-malformed': { class: 'source' },
  /** A text is none of those that the column may have. */
  'choice-unknown': { class: 'source' },
  /** A price is below 0. */
  'price-negative': { class: 'source' },
  /** An asset is listed twice. */
  'asset-doubled': { class: 'source' },
  /** An asset is not listed. */
  'asset-unknown': { class: 'source' },
  /** More assets are listed than a snapshot may have. */
  'assets-too-many': { class: 'source' },
  /** A price is of an asset that is not listed. */
  'price-asset-unknown': { class: 'source' },
  /** An account is not listed. */
  'account-unknown': { class: 'source' },
  /** An instrument is not listed. */
  'instrument-unknown': { class: 'source' },
  /** A position is not listed. */
  'position-unknown': { class: 'source' },

  // Valuation.
  /** An asset that is held has no price at the instant. */
  'price-missing': { class: 'source' },
  /** A price is older than prices may be. */
  'price-stale': { class: 'source' },
  /** A price is 0 or below. */
  'price-not-positive': { class: 'source' },
  /** An instrument has terms that contradict each other. */
  'instrument-malformed': { class: 'source' },
  /** An expired instrument has no settlement price. */
  'settlement-price-missing': { class: 'source' },
  /** An instrument with open positions has no mark. */
  'mark-missing': { class: 'source' },
  /** A mark is older than marks may be. */
  'mark-stale': { class: 'source' },
  /** A mark is in an asset that it cannot be in. */
  'mark-asset-unusable': { class: 'source' },
  /** A model price has inputs out of the range of the model. */
  'model-inputs-out-of-range': { class: 'source' },
  /** A model price cannot be rounded to one decimal for sure. */
  'model-price-undecided': { class: 'source' },
  /** A position contradicts itself. */
  'position-malformed': { class: 'source' },
  /** An account is neither a user’s nor the house’s. */
  'account-unassigned': { class: 'source' },
  /** A user owes more than the collateral counts for. */
  'account-underwater': {
    class: 'source',
    advice: 'correct the books, or write these debts off (--underwater write-off)',
  },
  /** A text of the books cannot stand in a statement. */
  'statement-text-unsuitable': { class: 'source' },
  /** A statement would have more lines than any may have. */
  'statement-too-long': { class: 'source' },

  // Reconciliation.
  /** The books do not agree with each other. */
  'books-do-not-reconcile': { class: 'reconciliation' },
  /** There are breaks that nobody has accepted. */
  'breaks-not-accepted': { class: 'reconciliation' },
  /** A break was accepted that there is not. */
  'accepted-break-absent': {
    class: 'reconciliation',
    advice: 'remove those that are gone, and look again at those whose amounts have changed',
  },

  // What cannot be.
  /** Two ways of counting the rows of a file disagree. */
  'rows-miscounted': { class: 'invariant' },
  /** A query of this program does not run. */
  'own-query-failed': { class: 'invariant' },
} as const;

export type SnapshotCode = keyof typeof SNAPSHOT_ERRORS;

/** The codes of a source file's problems: those of this room, and those of values and accounts in general. */
export const SOURCE_ERRORS = { ...PROTOCOL_ERRORS, ...PLAN_ERRORS, ...SNAPSHOT_ERRORS } as const;

/** Makes an error about a source file and its values. */
export const refuseSource = defineErrors(SOURCE_ERRORS);

/** Makes an error about a snapshot and what it is made of. */
export const refuseSnapshot = defineErrors(SNAPSHOT_ERRORS);
