/** What became of a check, as a sign and a word: no two differ by colour alone. */
export const CHECK_RESULTS = {
  passed: { sign: '✓', word: 'passed' },
  failed: { sign: '✕', word: 'FAILED' },
  'not-made': { sign: '○', word: 'not made' },
} as const;
