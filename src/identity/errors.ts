/** What can go wrong with a platform's signing key. */
export type IdentityCode =
  /** usage: there is a file already; a key that others know is never written over. */
  | 'identity-exists'
  /** usage: there is no file, or no such variable in the environment. */
  | 'identity-missing'
  /** usage: others than its owner can read or write the file. */
  | 'identity-permissions'
  /** artefact: it holds something else than an Ed25519 private key in PEM. */
  | 'identity-malformed'
  /** usage: the key is encrypted and no passphrase was given. */
  | 'passphrase-missing'
  /** usage: the passphrase is not this key's. */
  | 'passphrase-wrong'
  /** usage: the passphrase for a new key would be guessed. */
  | 'passphrase-too-short';

/** What can go wrong with a signing key beside the proving keys. */
export type SigningKeyCode =
  /** usage: the folder holds no signing key. */
  | 'signing-key-missing'
  /** artefact: the signing key's file holds something else. */
  | 'signing-key-malformed';

/** What can go wrong with the list of what a key signed. */
export type LedgerCode =
  /** usage: the key signed another manifest for the same instant. */
  | 'manifest-signed-already'
  /** artefact: the file holds something else. */
  | 'ledger-malformed'
  /** usage: the file cannot be read or written where it is. */
  | 'ledger-unusable';
