import { say, type PlainSentence } from '../../presentation/index.js';
import { BUNDLE_FILE_KINDS, type FileKind } from '../../protocol/index.js';
import type { CheckRefusal } from '../checker/question.js';

/** The files that a check needs, in the order in which the page asks for them. */
export const ASKED_FILES: readonly FileKind[] = ['inclusion', ...BUNDLE_FILE_KINDS, 'ceremony', 'trust'];
/** Those that a check may need and may not. */
export const OPTIONAL_FILES: ReadonlySet<FileKind> = new Set(['weights', 'ceremony']);

/** Said of a file that is none of those. */
export const REFUSED_FILE =
  'Not a file that this page takes. Get it again from where you have it, unchanged. (file-not-recognised)';

/** Said of an archive that cannot be read. */
export const REFUSED_ARCHIVE =
  'Not an archive that this page can unpack. Unpack it, and add the files in it. (archive-not-read)';

/** Said of a trust file that came with other files. */
export const REFUSED_TRUST =
  'A trust file is not taken out of an archive with other files: add one by itself, from another place. (trust-in-archive)';

/** Said where the site that this page came from has no bundle. */
export const NO_SITE_FILES =
  'This site has no bundle beside this page. Add the files yourself. (bundle-not-found)';

/** Said of a file that took the place of another one of its kind. */
export function phraseReplaced(name: string, replaced: string): string {
  return name === replaced
    ? say('{name}, in place of an earlier one', { name })
    : say('{name}, in place of {replaced}', { name, replaced });
}

const OTHER_EVIDENCE =
  'Get ceremony.json again: it may be of other keys. Without it the ceremony is stated, not shown; if every copy fails, ask the platform why.';

/** Advice of the verifier that speaks of a command line, said for this page. */
const ADVICE: Readonly<Record<string, PlainSentence>> = {
  'trust-missing':
    'Get the platform’s trust file from another place than the manifest, and add it above. Without it nothing tells whose word the manifest is.',
  'trust-inconsistent': 'Get the trust file again, from another place than the manifest.',
  'manifest-missing': 'Add the files of the bundle, from the platform’s public page.',
  'commitments-missing':
    'Add commitments.ndjson, proofs.ndjson and weights.json; they lie beside the manifest. Where there are none, the platform has not published a proof yet.',
  'weights-missing': 'Add weights.json; it lies beside the manifest.',
  'proofs-missing':
    'Add proofs.ndjson; it lies beside the manifest. Where there is none, the platform has not published a proof yet.',
  'ceremony-transcript-broken': OTHER_EVIDENCE,
  'ceremony-provenance-differs': OTHER_EVIDENCE,
  'ceremony-of-other-keys': OTHER_EVIDENCE,
  'development-keys':
    'Ask the platform for a snapshot proven under keys of a ceremony. If this is a test, tick the box above the button and check again.',
  'format-unknown': 'Use a newer version of this page, or ask the platform for files of version 2.',
};

/** The page's own advice on a code of the verifier, if it has any. */
export function findAdvice(code: string): PlainSentence | undefined {
  return Object.hasOwn(ADVICE, code) ? ADVICE[code] : undefined;
}

type RefusalWords = { readonly sentence: PlainSentence; readonly next: PlainSentence };

const BY_CODE: Readonly<Record<string, RefusalWords>> = {
  'inclusion-missing': {
    sentence: 'Your inclusion file is not here.',
    next: 'Get it from your account at the platform, and add it above.',
  },
  'signature-missing': {
    sentence: 'The manifest came without its signature.',
    next: 'Add manifest.sig.json; it lies beside manifest.json.',
  },
  'trust-hash-differs': {
    sentence: 'The trust file is not the one whose hash you pasted.',
    next: 'Do not use it. Get the trust file from the place where you found the hash, and ask the platform why theirs is another.',
  },
  'hash-malformed': {
    sentence: 'What you pasted as a hash is none.',
    next: 'A hash has 64 digits, 0 to 9 and a to f. Paste all of it, or leave the field empty.',
  },
  'file-unreadable': {
    sentence: 'A file cannot be read any more: it was moved or changed since you added it.',
    next: 'Add the files again, and check again.',
  },
  'checker-not-started': {
    sentence: 'This browser did not let the page start its checker.',
    next: 'Use a current browser with WebAssembly and workers switched on, or the command solvent-verify.',
  },
  'checker-failed': {
    sentence: 'The checker itself failed. That says nothing about your money.',
    next: 'Check again. If it stays, report the code below to the makers of Solvent, without your inclusion file.',
  },
};

const BY_INPUT: Readonly<Partial<Record<CheckRefusal['about'], RefusalWords>>> = {
  userId: {
    sentence: 'What you typed as your id cannot be one.',
    next: 'Type the id by which you know yourself at the platform: 1 to 256 characters on one line.',
  },
  trust: {
    sentence: 'The trust file cannot be read: it is damaged, changed, or of another version.',
    next: 'Get the trust file again, from another place than the manifest.',
  },
};

/** What the page says where there is no report, by the code or else by the input that it is about. */
export function findRefusalWords({ code, about }: CheckRefusal): RefusalWords {
  const byCode = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  return byCode ?? BY_INPUT[about] ?? BY_CODE['checker-failed']!;
}
