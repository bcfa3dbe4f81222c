import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import {
  formatInstant,
  formatMoney,
  formatNumber,
  isLanguage,
  LANGUAGES,
  retell,
  say,
  speak,
  spokenLanguage,
} from '../../src/presentation/index.js';
import { GERMAN } from '../../src/presentation/german.js';
import { projectRoot } from '../../src/system/index.js';

const ROWS = Object.entries(GERMAN);
const namesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();

describe('the table of words', () => {
  it('does not compile with a sentence that it lacks, or without the values of one', () => {
    // @ts-expect-error: not in the table
    expect(say('A sentence that nobody translated.')).toBe('A sentence that nobody translated.');
    // @ts-expect-error: without its value
    expect(say('{count} others')).toBe('{count} others');
    // @ts-expect-error: with a value of another name
    expect(() => say('{count} others', { number: '3' })).not.toThrow();
    expect(say('{count} others', { count: '3' })).toBe('3 others');
  });

  it('has the same values in both languages', () => {
    const unlike = ROWS.filter(([english, german]) => namesIn(english).join() !== namesIn(german).join());
    expect(unlike).toEqual([]);
    expect(ROWS.filter(([, german]) => german.trim() === '')).toEqual([]);
    expect(ROWS.filter(([english, german]) => english.startsWith(' ') !== german.startsWith(' '))).toEqual(
      [],
    );
  });

  it('says nothing in German as in English but what is the same word', () => {
    const same = ROWS.filter(([english, german]) => english === german).map(([english]) => english);
    expect(same.sort()).toEqual(
      [
        '{account}, isolated {isolated}',
        ...['Block', 'Code', 'Code {code}', 'Futures', 'In {quote}', 'Manifest', 'Position', 'optional'],
      ].filter((sentence) => same.includes(sentence)),
    );
  });

  it('keeps the word of every verdict beside its translation', () => {
    const words: readonly (readonly [keyof typeof GERMAN, string])[] = [
      ['Valid', 'VALID'],
      ['Invalid', 'INVALID'],
      ['Not valid', 'INVALID'],
      ['✕ Not valid', 'INVALID'],
      ['Unverifiable', 'UNVERIFIABLE'],
      ['Cannot be verified', 'UNVERIFIABLE'],
      ['Not checked', 'NOT CHECKED'],
      ['✓ Covered', 'COVERED'],
      ['✕ Short', 'SHORT'],
      ['? Not shown', 'NOT SHOWN'],
      ['Invalid: {sentence}', 'INVALID'],
      ['Unverifiable: {sentence}', 'UNVERIFIABLE'],
    ];
    for (const [sentence, word] of words) expect(GERMAN[sentence]).toContain(`(${word})`);
    for (const [english, german] of ROWS) {
      for (const word of ['INSECURE', 'UNTRUSTED']) {
        expect(german.includes(word), english).toBe(english.includes(word));
      }
      if (english.startsWith('Valid')) expect(german).toContain('(VALID)');
    }
  });

  it('keeps names of files, flags, commands and codes as they are', () => {
    const NAMES = /--[a-z-]+|[a-z.]+\.n?d?json\b|solvent[- ][a-z]+|\([a-z]+(?:-[a-z]+)+\)|SHA-256|Ed25519/g;
    for (const [english, german] of ROWS) {
      for (const [name] of english.matchAll(NAMES)) expect(german, english).toContain(name);
    }
  });

  it('has no character that a page would show as its code', () => {
    for (const [, german] of ROWS) expect(german).not.toMatch(/[\u00a0\u00ad\u200b\u202f]|[^ ] {3}|\t/);
  });
});

describe('what is spoken', () => {
  it('is English unless something is made in another language, and again after that', () => {
    expect(spokenLanguage()).toBe('en');
    expect(speak('de', () => say('Liabilities'))).toBe('Verbindlichkeiten');
    expect(() =>
      speak('de', () => {
        throw new RangeError('no text');
      }),
    ).toThrow(RangeError);
    expect(say('Liabilities')).toBe('Liabilities');
    expect(speak('de', () => speak('en', () => say('Liabilities')) + say('Totals'))).toBe(
      'LiabilitiesSummen',
    );
  });

  it('names the languages that there are, and no other', () => {
    expect(LANGUAGES.filter(isLanguage)).toEqual(['en', 'de']);
    expect(['fr', 'constructor', '', 'DE'].some(isLanguage)).toBe(false);
  });

  it.each(LANGUAGES)('writes numbers and instants as Intl does, in UTC: %s', (language) => {
    const numbers = new Intl.NumberFormat(language === 'en' ? 'en-US' : 'de-DE', {
      minimumFractionDigits: 2,
    });
    speak(language, () => {
      expect(formatMoney('-123456789', 2)).toBe(numbers.format(-1234567.89));
      expect(formatNumber(1234)).toBe(numbers.format(1234).slice(0, 5));
      return '';
    });
    const dates = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'de-DE', {
      ...{ day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' },
    });
    for (let month = 1; month <= 12; month++) {
      const instant = `2026-${String(month).padStart(2, '0')}-09T23:30:00Z`;
      const shown = speak(language, () => formatInstant(instant));
      expect(shown).toBe(`${dates.format(new Date(instant))}, 23:30:00 UTC`);
    }
  });

  it('retells a line that was said in English, and leaves one that it does not know', () => {
    const open = ['That the blocks of {chain} stand: {settlement}.'] as const;
    speak('de', () => {
      expect(retell('That the blocks of eip155:1 stand: final.', open)).toBe(
        'Dass die Blöcke von eip155:1 Bestand haben: final.',
      );
      expect(retell('That all reserves are listed.')).toBe('Dass alle Reserven aufgeführt sind.');
      for (const line of ['constructor', '', 'That the blocks of eip155:1 stand: final']) {
        expect(retell(line, open)).toBe(line);
      }
      return '';
    });
    expect(retell('That all reserves are listed.')).toBe('That all reserves are listed.');
  });
});

/** Where everything that a reader of page, site and report sees is said. */
const TOLD = [
  ...['site/render-index.ts', 'site/render-reserves.ts', 'site/render-tables.ts'],
  ...['verifier/html/page.ts', 'verifier/html/sections.ts', 'verifier/html/certificate.ts'],
  ...['verifier/html/reserves.ts', 'verifier/command/render.ts', 'verifier/command/render-reserves.ts'],
  ...['verifier/words.ts', 'verifier/reserves/words.ts', 'analysis/statements/render-statement.ts'],
  ...list('web/page').filter((path) => path.endsWith('.ts')),
  ...list('presentation').filter((path) => !/(?:language|german|style|text-table)\.ts$/.test(path)),
];

function list(directory: string): string[] {
  return readdirSync(join(projectRoot(), 'src', directory), { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [`${directory}/${entry.name}`] : [],
  );
}

function parse(path: string): ts.SourceFile {
  const text = readFileSync(join(projectRoot(), 'src', path), 'utf8');
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

/** All texts of a source: literals, and templates with `{}` for what is put into them. */
function listTexts(source: ts.SourceFile): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isThrowStatement(node)) return;
    if (ts.isVariableDeclaration(node) && node.name.getText(source) === 'STYLE') return;
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node)) {
      texts.push(
        [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('{}'),
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

/** What of a text a reader would see: no markup, no style, nothing that is typed into a terminal. */
function seenOf(text: string): string {
  return text
    .replace(/<(pre|code)\b[^]*?<\/\1\s*>/g, '')
    .replace(/aria-label="([^"]*)"/g, '>$1<')
    .replace(/<[^<>]*>|<[^<>]*$|^[^<>]*>/g, ' ');
}

/** What is no sentence: names, and words of the verifier's own record, which stays English. */
const KEPT =
  /^(?:Delta|Gamma|Vega|Theta|Language|Solvent(?: · \{\})?|bitcoin-cli gettxout .*|shown: .*|closed by .*|, whose value its network signed|keys {10}.*|powers of tau \{\}|transcript {4}.*|beacon {8}.*|the published Perpetual Powers of Tau|UNTRUSTED: not the published ones|ask .*|no node keeps past balances: .*|read the history archive.*|trust file .*|platform {6}.*|not pinned: a development trust file|profile .*|keys INSECURE: .*|signing key {3}.*|\{\}, \{\} of them pinned|, \{\} of them pinned)$/;

describe('the sources', () => {
  it('say nothing to a reader that is not in the table', () => {
    const sentence = /[a-zäöü]{2,} [a-z]{2,} [a-z]{2,}|^[A-Z][a-z]{2,}(?: [a-z’]+)*[.:]?$/;
    const outside = TOLD.flatMap((path) =>
      listTexts(parse(path))
        .filter((text) => !Object.hasOwn(GERMAN, text))
        .map((text) => seenOf(text).replace(/\s+/g, ' ').trim())
        .filter((text) => sentence.test(text) && !KEPT.test(text) && !text.includes('{color')),
    );
    expect(outside).toEqual([]);
  });

  it('use every sentence of the table', () => {
    const every = readdirSync(join(projectRoot(), 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('german.ts'))
      .flatMap((path) => {
        const text = readFileSync(join(projectRoot(), 'src', path), 'utf8');
        return [...text.matchAll(/'((?:[^'\\\n]|\\.)*)'/g)].map(([, literal]) => literal!);
      });
    const used = new Set([...every, ...readMarkup()]);
    const unused = ROWS.filter(
      ([english]) => !used.has(english) && english !== 'Add {name}; it lies beside reserves.json.',
    );
    expect(unused.map(([english]) => english)).toEqual([]);
  });

  it('have a sentence of the table for every text of the check page’s markup', () => {
    const sentences = readMarkup();
    expect(sentences.length).toBeGreaterThan(30);
    expect(sentences.filter((sentence) => !Object.hasOwn(GERMAN, sentence))).toEqual([]);
    const bare = seenOf(
      readFileSync(join(projectRoot(), 'src/web/page/page.html'), 'utf8')
        .replace(/<(style|script|noscript|option|title)\b[^]*?<\/\1\s*>|aria-label="[^"]*"/g, '')
        .replace(
          /<(\w+)(?=[^<>]*\sdata-say)[^<>]*>[^<>]*(?:<(\w+)[^<>]*>[^<>]*<\/\2\s*>[^<>]*)*<\/\1\s*>/g,
          '',
        ),
    );
    expect(bare.replace(/\s+/g, ' ').match(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/g)).toBeNull();
  });
});

/** The sentences of the check page's markup, with `{1}` for the first element in one. */
function readMarkup(): string[] {
  const text = readFileSync(join(projectRoot(), 'src/web/page/page.html'), 'utf8');
  const sentences: string[] = [/<title>([^<]*)/.exec(text)![1]!];
  for (const [, label] of text.matchAll(/aria-label="([^"]*)"/g)) sentences.push(label!);
  const collect = (part: string): void => {
    for (const [, , inner] of part.matchAll(/<(\w+)(?=[^<>]*\sdata-say)[^<>]*>([^]*?)<\/\1\s*>/g)) {
      collect(inner!);
      let place = 0;
      const named = inner!.replace(/<(\w+)[^<>]*>[^<>]*<\/\1\s*>/g, () => `{${String((place += 1))}}`);
      sentences.push(named.replace(/\s+/g, ' ').trim());
    }
  };
  collect(text);
  return sentences;
}
