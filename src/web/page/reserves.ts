import { say } from '../../presentation/index.js';
import { parsePastedHash } from '../checker/pasted-hash.js';
import type { ReservesGiven } from '../checker/reserves.js';
import { isArchive, unpackArchive } from './archive.js';
import { findElement } from './element.js';
import { drawRemoval, drawRow } from './file-rows.js';
import { fetchSiteFile } from './site-files.js';

/** Where a published site has its reserves, seen from the page. */
const DIRECTORY = 'reserves';
/** The files that are always there. */
const NAMES = ['reserves.json', 'reserves.sig.json', 'entries.ndjson', 'evidence.ndjson'];
/** The files of its chains. */
const CHAIN_FILE = /^[a-z]{1,16}\.[-a-zA-Z0-9_]{1,48}\.bin$/;
const PINS_FILE = /^.*pins.*\.json$/i;
const MAX_FILES = 160;
const MAX_LIST_BYTES = 1024 * 1024;

/** The step of the form that takes reserves and pins. Whether they are what they look like is for the checker. */
export class ReservesForm {
  readonly #list = findElement('reserve-slots', HTMLElement);
  readonly #hash = findElement('reserves-hash', HTMLInputElement);
  readonly #problem = findElement('reserves-hash-problem', HTMLElement);
  readonly #onChange: () => void;
  readonly #files = new Map<string, File>();
  #pins: File | undefined;

  /** @param onChange called after every change. */
  constructor(onChange: () => void, { isServed }: { readonly isServed: boolean }) {
    this.#onChange = onChange;
    this.#hash.addEventListener('input', onChange);
    this.#listen('reserve-files', (files) => this.take(files).then(() => undefined));
    this.#listen('pins', ([pins]) => {
      this.#pins = pins ?? this.#pins;
      this.#changed();
      return Promise.resolve();
    });
    const fetchButton = findElement('fetch-reserves', HTMLButtonElement);
    fetchButton.hidden = !isServed;
    fetchButton.addEventListener('click', () => {
      void fetchReserves().then((files) => this.take(files));
    });
    this.draw();
  }

  /** What the user gave; null where they gave no reserves. */
  get given(): ReservesGiven | null {
    if (this.#files.size === 0) return null;
    const files = Object.fromEntries(this.#files);
    return { files, pins: this.#pins, reservesHash: this.#hash.value };
  }

  /** The input that must be put right before there is anything to ask, or none. */
  findProblem(): HTMLInputElement | undefined {
    const { value } = this.#hash;
    const isWrong = value.trim() !== '' && parsePastedHash(value) === undefined;
    this.#problem.textContent = isWrong
      ? say('A hash has 64 digits, 0 to 9 and a to f. Paste all of it, or leave this empty. (hash-malformed)')
      : '';
    this.#hash.setAttribute('aria-invalid', String(isWrong));
    return isWrong ? this.#hash : undefined;
  }

  /** Takes what is named as a file of reserves, in archives too, and pins that come by themselves; returns the rest. */
  async take(files: readonly File[]): Promise<readonly File[]> {
    const rest: File[] = [];
    const takenBefore = this.#files.size;
    for (const file of files) {
      const name = cleanName(file.name);
      if (isReservesName(name)) this.#files.set(name, file);
      else if (PINS_FILE.test(name)) this.#pins = file;
      else if (!(await this.#takeArchive(file))) rest.push(file);
    }
    if (rest.length < files.length || this.#files.size !== takenBefore) this.#changed();
    return rest;
  }

  /** An archive of reserves alone. Pins in it would be the word of whoever packed it, and are left. */
  async #takeArchive(file: File): Promise<boolean> {
    if (!(await isArchive(file).catch(() => false))) return false;
    const parts = (await unpackArchive(file)) ?? [];
    const own = parts.filter(({ name }) => isReservesName(name));
    if (!own.some(({ name }) => name === NAMES[0]) || parts.length > MAX_FILES) return false;
    for (const part of own) this.#files.set(part.name, part);
    return true;
  }

  #listen(id: string, take: (files: readonly File[]) => Promise<void>): void {
    const picker = findElement(id, HTMLInputElement);
    picker.addEventListener('change', () => {
      void take([...(picker.files ?? [])]).then(() => {
        // So that choosing the same file again counts as a choice.
        picker.value = '';
      });
    });
  }

  #changed(): void {
    this.draw();
    this.#onChange();
  }

  /** Draws the list anew, in the language that is spoken. */
  draw(): void {
    const names = [...this.#files.keys()].sort();
    const missing = names.length === 0 ? [] : NAMES.filter((name) => !this.#files.has(name));
    this.#list.replaceChildren(
      ...(names.length === 0
        ? []
        : [
            this.#drawRow(say('The reserves'), names.join(', '), () => {
              this.#files.clear();
            }),
          ]),
      ...missing.map((name) => drawMissing(name, say('It lies beside the others.'))),
      ...(this.#pins === undefined
        ? names.length === 0
          ? []
          : [
              drawMissing(
                say('Your pins'),
                say('Without them nothing tells which blocks and tokens to believe.'),
              ),
            ]
        : [
            this.#drawRow(say('Your pins'), this.#pins.name, () => {
              this.#pins = undefined;
            }),
          ]),
    );
  }

  #drawRow(title: string, source: string, remove: () => void): HTMLElement {
    const row = drawRow('here', { title, source });
    const removal = drawRemoval(title, this.#list, () => {
      remove();
      this.#changed();
    });
    row.append(removal);
    return row;
  }
}

/**
 * Gets the reserves of the site that this page came from, as they are there now; what is not there is left out. Pins are none of
 * them: they are the user's.
 */
async function fetchReserves(): Promise<readonly File[]> {
  const list = await fetchFile(NAMES[0]!);
  if (list === undefined) return [];
  const names = await listNames(list);
  const others = await Promise.all(names.map(fetchFile));
  return [list, ...others.filter((file) => file !== undefined)];
}

function fetchFile(name: string): Promise<File | undefined> {
  return fetchSiteFile(DIRECTORY, name);
}

/** The files beside it, as it names them; nothing but names of reserves is asked for. */
async function listNames(list: File): Promise<readonly string[]> {
  try {
    const { files } = JSON.parse(await list.slice(0, MAX_LIST_BYTES).text()) as {
      readonly files?: readonly { readonly name?: unknown }[];
    };
    const named = (files ?? []).map(({ name }) => String(name)).filter(isReservesName);
    return [...new Set([...NAMES.slice(1), ...named])].slice(0, MAX_FILES);
  } catch {
    return NAMES.slice(1);
  }
}

/** Browsers number what is saved twice: `entries (1).ndjson`. */
function cleanName(name: string): string {
  return name.replace(/ ?\(\d+\)(?=\.[^.]+$)/, '');
}

function isReservesName(name: string): boolean {
  return NAMES.includes(name) || CHAIN_FILE.test(name);
}

function drawMissing(title: string, source: string): HTMLElement {
  return drawRow('missing', { title, source });
}
