import {
  isLanguage,
  retell,
  sayParts,
  spokenLanguage,
  type Language,
  type Sentence,
} from '../../presentation/index.js';
import type { Child } from './element.js';

/** An element of the markup, what it says in English, and the elements within it, each of which has a place in that: `{1}`. */
type Told = { readonly sentence: string; readonly within: readonly Element[] };

/** Read once, from the English of the markup, before anything is told in another language. */
let markup: ReadonlyMap<Element, Told> | undefined;
let title: string | undefined;
const labels = new Map<Element, string>();

/** The language that the address asks for, or else the browser; English where neither names one that there is. */
export function findLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  const wanted = [...(asked === null ? [] : [asked]), ...navigator.languages].map(
    (tag) => tag.split('-')[0]!,
  );
  return wanted.find(isLanguage) ?? 'en';
}

/** Tells what stands in the page's markup in the language that is spoken. */
export function tellMarkup(): void {
  markup ??= new Map([...document.querySelectorAll('[data-say]')].map((found) => [found, readTold(found)]));
  title ??= document.title;
  document.documentElement.lang = spokenLanguage();
  document.title = retell(title);
  for (const [found, { sentence, within }] of markup) {
    const values = Object.fromEntries(within.map((element, at) => [String(at + 1), element]));
    // The build holds every sentence of the markup to the table.
    const parts: Child[] = sayParts<Sentence, Element>(sentence as Sentence, values as never);
    found.replaceChildren(...parts.filter((part) => part !== null));
  }
  for (const found of document.querySelectorAll('main [aria-label]:not(#result *, .slots *)')) {
    const label = labels.get(found) ?? found.getAttribute('aria-label')!;
    labels.set(found, label);
    found.setAttribute('aria-label', retell(label));
  }
}

function readTold(found: Element): Told {
  const within = [...found.children];
  const texts = [...found.childNodes].map((node) =>
    node instanceof Element ? `{${within.indexOf(node) + 1}}` : (node.textContent ?? ''),
  );
  return { sentence: texts.join('').replace(/\s+/g, ' ').trim(), within };
}
