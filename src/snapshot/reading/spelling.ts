/** What a text is in place of what was expected: said without showing it, and what to do. */
export type Spelling = { readonly got: string; readonly advice: string };

/** How the values of a column are written, as far as what went wrong can be told. */
export type SpellingKind = 'amount' | 'instant' | 'boolean' | 'choice' | 'asset';

type Rule = readonly [pattern: RegExp, got: string, advice: string];

const NUMBER = String.raw`[-+]?\d[\d.,' _]*`;

/** What any value may have wrong, before it is looked at as one of its kind. */
const COMMON: readonly Rule[] = [
  [/^$/, 'none', 'add it'],
  [/^\s+$/u, 'white space alone', 'add the value'],
  [/^\s|\s$/u, 'white space at its ends', 'remove it'],
  [/^(?:null|nil|none|undefined|n\/?a|\\n|-+)$/i, 'a word for no value', 'write the value itself'],
  [/^["'’].*$|["']$/u, 'a quote or apostrophe in it', 'remove it'],
];

const AMOUNTS: readonly Rule[] = [
  [/^[-+]?(?:nan|inf|infinity|∞)$/i, 'NaN or infinity', 'find out what it was and write that'],
  [/^[-+]?0x[\da-f]+$/i, 'hexadecimal digits', 'write decimal ones'],
  [/^[-+]?\d*[.,]?\d*e[-+]?\d+$/i, 'an exponent', 'write all digits'],
  [/^[-+]?\d+(?:\.\d+)?%$|^[-+]?\d+(?:[.,]\d+)?\s*%$/, 'a per cent sign', 'write 0.5 for 50 %'],
  [/^\(.*\)$/, 'parentheses', 'write a minus before what is negative'],
  [/^[\u2010-\u2015\u2212\uff0d]\s*\d/u, 'a dash that is no minus', 'write - (U+002D)'],
  [
    new RegExp(`^\\p{Sc}|\\p{Sc}$|^${NUMBER}\\s?[A-Za-z]+$|^[A-Za-z]+\\s?${NUMBER}$`, 'u'),
    'a unit beside the number',
    'write the number alone',
  ],
  [
    /^[-+]?\d{1,3}(?:,\d{3})+\.\d+$|^[-+]?\d{1,3}(?:,\d{3}){2,}$|^[-+]?\d{1,3}(?:,\d{2})*,\d{3}(?:\.\d+)?$/,
    'a thousands separator',
    'write the digits without commas',
  ],
  [
    /^[-+]?\d+(?:[  '’_\u2009]\d+)+(?:[.,]\d+)?$/u,
    'a thousands separator',
    'write the digits one after the other',
  ],
  [
    /^[-+]?\d{1,3}(?:\.\d{3}){2,}$|^[-+]?\d+(?:\.\d+){2,}$/,
    'a thousands separator',
    'write one point, before the fraction',
  ],
  [/^[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+$/, 'a decimal comma', 'write a point, and no thousands separator'],
  [/^\+\d+(?:\.\d+)?$/, 'a plus sign', 'leave it out'],
  [/^[-+]?\.\d+$|^[-+]?\d+\.$/, 'a point without digits on one of its sides', 'write 0.5 or 5'],
  [/^-\d+(?:\.\d+)?$/, 'a minus', 'correct it'],
  [/^\d+(?:\.\d+)?$/, 'more digits than an amount has', 'correct it'],
  [/[^\p{ASCII}]/u, 'digits or signs of another script', 'write 0 to 9'],
];

const DAY = String.raw`\d{4}-\d{2}-\d{2}`;
const TIME = String.raw`\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?`;

const INSTANTS: readonly Rule[] = [
  [/^[-+]?infinity$/i, 'infinity', 'leave the value out where there is none'],
  [/^-?\d+(?:\.\d+)?$/, 'a number', 'write it as date and time with a zone'],
  [new RegExp(`^${DAY}$`), 'a day without a time', 'add the time and the zone'],
  [new RegExp(`^${DAY}[Tt ]${TIME}$`), 'no zone', 'add the zone, like Z or +01:00'],
  [/\.\d{10,}/, 'more than nine digits of a second', 'write at most nine'],
  [new RegExp(`^${DAY}[Tt ]\\d{2}:\\d{2}(?:[Zz]|[-+]\\d{2}(?::?\\d{2})?)$`), 'no seconds', 'write them'],
  [/^\d{4}-\d{2}-\d{2}[Tt ].*[A-Za-z]{2,}/, 'the name of a zone', 'write its offset, like +01:00'],
  [
    new RegExp(`^${DAY}[T ]\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?(?:Z|[-+]\\d{2}(?::\\d{2})?)$`),
    'a day, time or year that is none of these',
    'correct it',
  ],
  [/^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|^\d{4}[./]\d/, 'another order or other signs', 'write year-month-day'],
];

const BOOLEANS: readonly Rule[] = [
  [/^(?:true|false)$/i, 'it in another case', 'write small letters'],
  [/^(?:t|f|yes|no|y|n|on|off|[01])$/i, 'another word for it', 'write true or false'],
];

const RULES: Readonly<Record<SpellingKind, readonly Rule[]>> = {
  amount: AMOUNTS,
  instant: INSTANTS,
  boolean: BOOLEANS,
  choice: [],
  asset: [[/^/, 'another text', 'list it or correct the symbol']],
};

/**
 * Tells the kind of fault of a value that was not taken, for any reader. The text itself is not in the answer.
 * @param expected texts that would have been taken, where there is a list of them.
 */
export function describeSpelling(
  kind: SpellingKind,
  stated: string,
  expected: readonly string[] = [],
): Spelling {
  const near = expected.find((text) => text.toLowerCase() === stated.trim().toLowerCase());
  if (near !== undefined && near !== stated) {
    const inCase = stated.trim() !== near;
    return { got: inCase ? `${near} in another case` : 'white space at its ends', advice: `write ${near}` };
  }
  const found = [...COMMON, ...RULES[kind]].find(([pattern]) => pattern.test(stated));
  return found === undefined
    ? { got: 'another text', advice: 'correct it' }
    : { got: found[1], advice: found[2] };
}

/** A message of what was expected and what was found in its place. */
export function formatSpelling(expected: string, { got, advice }: Spelling): string {
  return `expected ${expected}, got ${got}: ${advice}`;
}

/**
 * A decimal as sources may write it, in the form that decimals are read in. A zero has no sign, and there are no zeros
 * before the digits or at the end of the fraction, however many the source wrote. Any other text is given back as it
 * is.
 */
export function plainDecimal(stated: string): string {
  const [, sign, whole, fraction = ''] = /^(-?)0*(\d+)(?:\.(\d+))?$/.exec(stated) ?? [];
  if (sign === undefined || whole === undefined) return stated;
  const kept = fraction.replace(/0+$/, '');
  if (whole === '0' && kept === '') return '0';
  return kept === '' ? `${sign}${whole}` : `${sign}${whole}.${kept}`;
}
