import { makePrintable, sayParts, type Sentence, type ValuesFor } from '../../presentation/index.js';

/** What an element may hold. */
export type Child = Node | string | null;

/** Makes an element with attributes and children; null children are left out. Text is never read as markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A sentence in the reader's language, with elements among its values. */
export function tell<S extends Sentence>(
  sentence: S,
  ...values: ValuesFor<S, Node | string>
): (Node | string)[] {
  return sayParts<S, Node | string>(sentence, ...values).filter((part) => part !== '');
}

/** Text of the platform's or a file's, whose letters cannot reorder the text around it. */
export function quoted(text: string): HTMLElement {
  return element('bdi', {}, makePrintable(text));
}

/** The element of the page with an id. @throws Error where the page has none of that kind. */
export function findElement<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`expected a ${kind.name} with id ${id}, got none`);
  return found;
}
