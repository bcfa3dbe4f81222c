import { PUBLISHED_FILES, type FileKind } from '../../protocol/index.js';
import type { Question } from '../checker/question.js';
import { element, quoted } from './element.js';
import { recogniseFile } from './recognise.js';
import { FURTHER_FILES, FURTHER_WORDS, NEEDED_FILES, type FileWords } from './words.js';

/** The files that the user gave, one of a kind, drawn as a list of what is here and what is missing. */
export class Slots {
  readonly #list: HTMLElement;
  readonly #onChange: () => void;
  readonly #files = new Map<FileKind, File>();

  /** @param onChange called after every change, with the list drawn anew. */
  constructor(list: HTMLElement, onChange: () => void) {
    this.#list = list;
    this.#onChange = onChange;
    this.#draw();
  }

  get files(): Question['files'] {
    return Object.fromEntries(this.#files);
  }

  /** Sorts files in; a later one takes the place of an earlier one of its kind. Returns those that are of no kind. */
  async add(files: readonly File[]): Promise<readonly File[]> {
    const unknown: File[] = [];
    for (const file of files) {
      const kind = await recogniseFile(file).catch(() => undefined);
      if (kind === undefined) unknown.push(file);
      else this.#files.set(kind, file);
    }
    this.#changed();
    return unknown;
  }

  #changed(): void {
    this.#draw();
    this.#onChange();
  }

  #draw(): void {
    const hasFurther = FURTHER_FILES.some((kind) => this.#files.has(kind));
    this.#list.replaceChildren(
      ...NEEDED_FILES.map((kind) => this.#drawSlot(kind)),
      ...(hasFurther
        ? FURTHER_FILES.map((kind) => this.#drawSlot(kind))
        : [drawRow('optional', FURTHER_WORDS)]),
    );
  }

  #drawSlot(kind: FileKind): HTMLElement {
    const file = this.#files.get(kind);
    const words = PUBLISHED_FILES[kind].words;
    if (file === undefined) return drawRow('missing', words);
    const row = drawRow('here', { title: words.title, source: file.name });
    row.append(this.#drawRemoval(kind, words.title));
    return row;
  }

  #drawRemoval(kind: FileKind, title: string): HTMLElement {
    const button = element(
      'button',
      { type: 'button', class: 'remove', 'aria-label': `Remove: ${title}` },
      'Remove',
    );
    button.addEventListener('click', () => {
      this.#files.delete(kind);
      this.#changed();
      this.#list.querySelector<HTMLElement>('button')?.focus();
    });
    return button;
  }
}

const SIGNS = { here: '✓', missing: '○', optional: '+' } as const;

function drawRow(state: keyof typeof SIGNS, { title, source }: FileWords): HTMLElement {
  const word = state === 'here' ? null : element('span', { class: 'mild' }, ` ${state}`);
  return element(
    'li',
    { class: state },
    element('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[state]),
    element(
      'div',
      {},
      element('p', { class: 'title' }, title, word),
      element('p', { class: 'small' }, quoted(source)),
    ),
  );
}
