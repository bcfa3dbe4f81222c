import {
  encodeInclusion,
  encodeJsonLine,
  utf8ToBytes,
  type BundleListKind,
} from '../../src/protocol/index.js';
import type { BundleSource } from '../../src/verifier/index.js';
import { toPieces, toSource, type Published } from './world.js';
import type { Attack, BundleCase, InclusionCase } from './case.js';

const decoder = new TextDecoder();

/** Changes a text, and not the values that it spells. */
export type Respelling = (text: string) => string;

function change(text: string, respell: Respelling): string {
  const changed = respell(text);
  if (changed === text) throw new Error('expected a change');
  return changed;
}

type WholeKind = Exclude<keyof BundleSource, BundleListKind>;

/** A case in which one file that is read whole is spelled in another way. */
export function wholeSpelling(
  kind: WholeKind,
  name: string,
  [code, respell]: readonly [BundleCase['code'], Respelling],
): BundleCase {
  return {
    name: `${kind}: ${name}`,
    code,
    attack: (published) => {
      const text = decoder.decode(encodeJsonLine(published[kind]));
      return { source: { ...toSource(published), [kind]: utf8ToBytes(change(text, respell)) } };
    },
  };
}

/** A case in which the lines of a list are spelled in another way: the first of margin rows, unless another is named. */
export function lineSpelling(
  kind: BundleListKind,
  name: string,
  [code, respell, line = 3]: readonly [BundleCase['code'], Respelling, number?],
): BundleCase {
  return {
    name: `${kind}: ${name}`,
    code,
    attack: (published) => {
      const lines = spellLines(published, kind);
      lines[line] = change(lines[line]!, respell);
      return withLines(published, kind, lines);
    },
  };
}

/** The lines of a list, each with its line feed. */
export function spellLines(published: Published, kind: BundleListKind): string[] {
  return published[kind].map((line) => decoder.decode(encodeJsonLine(line)));
}

/** The files with other lines in one list. */
export function withLines(published: Published, kind: BundleListKind, lines: readonly string[]): Attack {
  return { source: { ...toSource(published), [kind]: toPieces([utf8ToBytes(lines.join(''))]) } };
}

/** A case in which an inclusion file is spelled in another way, at its own size. */
export function fileSpelling(name: string, code: InclusionCase['code'], respell: Respelling): InclusionCase {
  return {
    name: `inclusion file: ${name}`,
    code,
    attack: (file) => ({ bytes: utf8ToBytes(change(decoder.decode(encodeInclusion(file)), respell)) }),
  };
}

/** A file that never ends: a verifier that reads on hangs the test. */
export function endless(piece: Uint8Array = new Uint8Array(4096).fill(0x20)): AsyncIterable<Uint8Array> {
  return {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        await Promise.resolve();
        yield piece;
      }
    },
  };
}
