/**
 * Characters that draw nothing, reorder what is drawn around them, or are spaces but not U+0020, and so can make a line read
 * as another.
 */
const INVISIBLE = /[\u{16fe4}\u{1d159}\u2800\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;

/** A text with its invisible characters written as their codes, and its spaces as they are. */
export function showInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) =>
    character === ' ' ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/**
 * A text of the platform's or a file's as it may be shown: invisible characters are written as their codes, and runs of
 * spaces as one, so that nothing can be pushed to where it reads as something else.
 */
export function makePrintable(text: string): string {
  return showInvisible(text).replace(/ {2,}/g, ' ');
}
