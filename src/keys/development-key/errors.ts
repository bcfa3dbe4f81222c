/** Codes of this folder's errors. */
export type DevelopmentKeyCode =
  | 'r1cs-malformed'
  | 'r1cs-unreadable'
  | 'zkey-malformed'
  | 'zkey-unreadable'
  | 'key-worker-missing'
  | 'key-worker-failed';
