import { say } from '../../presentation/index.js';
import { PUBLISHED_FILES, type FileKind } from '../../protocol/index.js';
import type { Question } from '../checker/question.js';
import { isArchive, unpackArchive } from './archive.js';
import { drawRemoval, drawRow, type FileWords } from './file-rows.js';
import { recogniseFile } from './recognise.js';
import {
  ASKED_FILES,
  OPTIONAL_FILES,
  phraseReplaced,
  REFUSED_ARCHIVE,
  REFUSED_FILE,
  REFUSED_TRUST,
} from './words.js';

/** A file of a kind, and the name of the one whose place it took. */
type Held = { readonly file: File; readonly replaced: string | null };

/** The files that the user gave, one of a kind, drawn as a list of what is here, missing or refused. */
export class Slots {
  readonly #list: HTMLElement;
  readonly #onChange: () => void;
  readonly #files = new Map<FileKind, Held>();
  /** Names of files that are not taken, each with why, until the user takes them away. */
  readonly #refused = new Map<string, string>();

  /** @param onChange called after every change, with the list drawn anew. */
  constructor(list: HTMLElement, onChange: () => void) {
    this.#list = list;
    this.#onChange = onChange;
    this.draw();
  }

  get files(): Question['files'] {
    return Object.fromEntries([...this.#files].map(([kind, { file }]) => [kind, file]));
  }

  /**
   * Sorts files in, and those of archives; a later one takes the place of an earlier one of its kind. Both stay named, and so
   * does one that is not taken. Returns what happened to each of these, to be said aloud.
   */
  async add(files: readonly File[]): Promise<readonly string[]> {
    const remarks: string[] = [];
    for (const file of files) {
      if (!(await isArchive(file).catch(() => false))) {
        remarks.push(...(await this.#addFile(file)));
        continue;
      }
      const unpacked = await unpackArchive(file);
      if (unpacked === undefined) remarks.push(this.#refuse(file.name, say(REFUSED_ARCHIVE)));
      for (const part of unpacked ?? []) remarks.push(...(await this.#addFile(part, { isUnpacked: true })));
    }
    this.#changed();
    return remarks;
  }

  async #addFile(file: File, { isUnpacked = false } = {}): Promise<readonly string[]> {
    const kind = await recogniseFile(file).catch(() => undefined);
    if (kind === undefined) return [this.#refuse(file.name, say(REFUSED_FILE))];
    // Whoever packed the archive would say whose word its manifest is.
    if (kind === 'trust' && isUnpacked) return [this.#refuse(file.name, say(REFUSED_TRUST))];
    const replaced = this.#files.get(kind)?.file.name ?? null;
    this.#files.set(kind, { file, replaced });
    return replaced === null ? [] : [`${sayWords(kind).title}: ${phraseReplaced(file.name, replaced)}`];
  }

  #refuse(name: string, why: string): string {
    this.#refused.set(name, why);
    return `${name}: ${why}`;
  }

  #changed(): void {
    this.draw();
    this.#onChange();
  }

  /** Draws the list anew, in the language that is spoken. */
  draw(): void {
    this.#list.replaceChildren(
      ...ASKED_FILES.map((kind) => this.#drawSlot(kind)),
      ...[...this.#refused].map(([name, why]) => this.#drawRefused(name, why)),
    );
  }

  #drawSlot(kind: FileKind): HTMLElement {
    const held = this.#files.get(kind);
    const words = sayWords(kind);
    if (held === undefined) return drawRow(OPTIONAL_FILES.has(kind) ? 'optional' : 'missing', words);
    const { file, replaced } = held;
    const source = replaced === null ? file.name : phraseReplaced(file.name, replaced);
    const row = drawRow('here', { title: words.title, source });
    row.append(this.#drawRemoval(words.title, () => this.#files.delete(kind)));
    return row;
  }

  #drawRefused(name: string, why: string): HTMLElement {
    const row = drawRow('refused', { title: name, source: why });
    row.append(this.#drawRemoval(name, () => this.#refused.delete(name)));
    return row;
  }

  #drawRemoval(title: string, remove: () => void): HTMLElement {
    return drawRemoval(title, this.#list, () => {
      remove();
      this.#changed();
    });
  }
}

function sayWords(kind: FileKind): FileWords {
  const { title, source } = PUBLISHED_FILES[kind].words;
  return { title: say(title), source: say(source) };
}
