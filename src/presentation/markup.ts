import { makePrintable } from './printable.js';

/** Markup that is safe to show: every text in it was escaped. Only `html` makes it. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template may hold: texts are escaped, and markup and lists of it stand as they are. */
type Hole = string | number | Markup | readonly Markup[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template of markup. Texts in it are data, in elements and in quoted attributes, and never markup. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Markup {
  const texts = parts.map((part, index) => part + (index < holes.length ? spell(holes[index]!) : ''));
  return new Markup(texts.join(''));
}

/** Nothing at all. */
export const NOTHING = html``;

function spell(hole: Hole): string {
  if (hole instanceof Markup) return hole.toString();
  if (typeof hole === 'number') return String(hole);
  if (typeof hole === 'string') return makePrintable(hole).replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);
  return hole.map(String).join('');
}
