/** Codes of this folder's errors. */
export type DevelopmentKeyCode = 'key-worker-failed';
