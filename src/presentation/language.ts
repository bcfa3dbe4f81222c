import { GERMAN } from './german.js';

/** The languages that page, site and report are told in. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Everything that is said to a reader, in English; its other languages stand beside it in tables with these keys. */
export type Sentence = keyof typeof GERMAN;

/** The names of the values that a sentence has in braces. */
type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** The sentences without values. */
export type PlainSentence = { [S in Sentence]: [NamesIn<S>] extends [never] ? S : never }[Sentence];

/** The values that a sentence asks for: all of them and no others, or no argument at all. */
export type ValuesFor<Text extends string, Value> = [NamesIn<Text>] extends [never]
  ? readonly []
  : readonly [values: Readonly<Record<NamesIn<Text>, Value>>];

/** Sentences whose translation lacks a value or has one of its own: there is none, or this does not compile. */
type Unlike<Table extends Readonly<Record<Sentence, string>>> = {
  [S in Sentence]: [NamesIn<S>, NamesIn<Table[S]>] extends [NamesIn<Table[S]>, NamesIn<S>] ? never : S;
}[Sentence];
const TABLES: { readonly de: [Unlike<typeof GERMAN>] extends [never] ? typeof GERMAN : never } = {
  de: GERMAN,
};

/** How a language writes numbers and instants. */
type Convention = {
  readonly thousands: string;
  readonly point: string;
  readonly months: readonly string[];
  readonly date: (day: number, month: string, year: string) => string;
};

/**
 * Written here and not asked of `Intl`: what that gives hangs on the version of its tables, and a page that is made again must be
 * the same bytes. A test holds them to `Intl`.
 */
const CONVENTIONS: Readonly<Record<Language, Convention>> = {
  en: {
    thousands: ',',
    point: '.',
    months: [
      ...['January', 'February', 'March', 'April', 'May', 'June'],
      ...['July', 'August', 'September', 'October', 'November', 'December'],
    ],
    date: (day, month, year) => `${String(day)} ${month} ${year}`,
  },
  de: {
    thousands: '.',
    point: ',',
    months: [
      ...['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni'],
      ...['Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'],
    ],
    date: (day, month, year) => `${String(day)}. ${month} ${year}`,
  },
};

let current: Language = 'en';

/** The language that is spoken now. */
export function spokenLanguage(): Language {
  return current;
}

/** How numbers and instants are written now. */
export function spokenConvention(): Convention {
  return CONVENTIONS[current];
}

/**
 * Makes a text in a language. Rendering ends before anything else begins, so that what is said in it needs no parameter for the
 * language: a promise is no text.
 */
export function speak<Text extends string | object | undefined>(
  language: Language,
  make: () => Text extends PromiseLike<unknown> ? never : Text,
): Text {
  const before = current;
  current = language;
  try {
    return make();
  } finally {
    current = before;
  }
}

/** Speaks a language from now on: for a program of one reader, like the check page. */
export function chooseLanguage(language: Language): void {
  current = language;
}

/** Whether a text names a language that there is. */
export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text);
}

/** A sentence in the language that is spoken, with its values still in braces. */
export function translate(sentence: Sentence): string {
  return current === 'en' ? sentence : TABLES[current][sentence];
}

/** A sentence in the language that is spoken. */
export function say<S extends Sentence>(sentence: S, ...[values]: ValuesFor<S, string>): string {
  return fillIn(translate(sentence), values);
}

/** A sentence as its parts: texts at even places, values at odd ones. */
export function sayParts<S extends Sentence, Value>(
  sentence: S,
  ...[values]: ValuesFor<S, Value>
): (string | Value)[] {
  const given = (values ?? {}) as Readonly<Record<string, Value>>;
  return translate(sentence)
    .split(VALUES)
    .map((part, at) => (at % 2 === 0 ? part : given[part]!));
}

const VALUES = /\{(\w+)\}/;

function fillIn(text: string, values: Readonly<Record<string, string>> | undefined): string {
  return values === undefined
    ? text
    : text.replaceAll(new RegExp(VALUES, 'g'), (_, name: string) => values[name]!);
}

/**
 * A line that was said in English, in the language that is spoken: reports are kept in English, so that two readers hold the same
 * one. What none of the sentences makes stays as it is.
 * @param open the sentences with values that it may be.
 */
export function retell(line: string, open: readonly Sentence[] = []): string {
  if (current === 'en') return line;
  if (Object.hasOwn(TABLES[current], line)) return translate(line as Sentence);
  for (const sentence of open) {
    const names = [...sentence.matchAll(new RegExp(VALUES, 'g'))].map(([, name]) => name!);
    const found = toPattern(sentence).exec(line);
    if (found === null) continue;
    return fillIn(translate(sentence), Object.fromEntries(names.map((name, at) => [name, found[at + 1]!])));
  }
  return line;
}

function toPattern(sentence: string): RegExp {
  const texts = sentence.split(/\{\w+\}/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${texts.join('(.+?)')}$`, 'u');
}
