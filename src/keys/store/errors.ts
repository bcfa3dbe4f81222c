/** Codes of this folder's errors. */
export type KeyStoreCode =
  /** usage: the folder holds no list of keys. */
  | 'keys-missing'
  /** usage: the list lacks circuits of its profile: they are still being made, or the setup that made them was stopped. */
  | 'keys-incomplete'
  /** usage: the folder holds keys of another profile, which are not overwritten. */
  | 'keys-of-another-profile'
  /** artefact: the list of keys contradicts itself: a tag, name or fingerprint that does not follow from the rest. */
  | 'keys-inconsistent'
  /** artefact: circuits of two numbers of index bits lie in one folder. */
  | 'keys-mixed'
  /** artefact: the profile has other circuits in this version of the program. */
  | 'keys-of-another-version'
  /** artefact: a file that the list of keys names is not there. */
  | 'key-file-missing'
  /** artefact: a file does not have the size or the hash that the list of keys states. */
  | 'key-file-changed';
