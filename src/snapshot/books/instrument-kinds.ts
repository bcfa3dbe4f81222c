/** What the source `instruments` may list; each has a module in `valuation/instruments/`. */
export const INSTRUMENT_KINDS = ['future', 'perpetual', 'option'] as const;
