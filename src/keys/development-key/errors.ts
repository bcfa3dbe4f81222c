/** Codes of this folder's errors. */
export type DevelopmentKeyCode = 'key-worker-missing' | 'key-worker-failed';
