import { makePrintable } from '../../verifier/index.js';

/** Markup in which every text was escaped; only `markup` makes it. */
export type Markup = { readonly markup: string };

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template of markup: texts in it are shown as they are and never read as markup; lists are joined. */
export function markup(
  parts: TemplateStringsArray,
  ...holes: readonly (string | Markup | readonly Markup[])[]
): Markup {
  return { markup: parts.map((part, at) => `${part}${at < holes.length ? spell(holes[at]!) : ''}`).join('') };
}

/** Nothing at all. */
export const NOTHING: Markup = { markup: '' };

function spell(hole: string | Markup | readonly Markup[]): string {
  if (typeof hole === 'string') return makePrintable(hole).replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);
  if ('markup' in hole) return hole.markup;
  return hole.map((part) => part.markup).join('');
}
