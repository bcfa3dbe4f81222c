/** Characters that draw nothing or reorder what is drawn around them, and so can make a line read as another. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A text of the platform's or a file's as it may be shown: invisible characters are written as their codes. */
export function makePrintable(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
