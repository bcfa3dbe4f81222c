import { PUBLISHED_FILES, type FileKind } from '../../protocol/index.js';
import { MAX_WHOLE_FILE_BYTES } from '../checker/limits.js';
import { ASKED_FILES } from './words.js';

/**
 * What a file looks like: by its whole, or by the first of its lines. It only sorts files; whether one is what it looks
 * like is for the checker. Undefined where it is none of the files that a check takes.
 */
export async function recogniseFile(file: Blob): Promise<FileKind | undefined> {
  const text = await file.slice(0, MAX_WHOLE_FILE_BYTES).text();
  const fields = parseObject(text) ?? parseObject(text.split('\n', 1)[0]!);
  if (fields === undefined) return undefined;
  const { format } = fields;
  if (typeof format === 'string') {
    return ASKED_FILES.find((kind) => format.startsWith(familyOf(kind)));
  }
  if ('digest' in fields && 'list' in fields) return 'commitments';
  if ('points' in fields && 'zW' in fields) return 'weights';
  return 'proof' in fields && 'z' in fields ? 'proofs' : undefined;
}

/** A format without its version: one that this page does not know gets to the checker, which says so. */
function familyOf(kind: FileKind): string {
  const { format } = PUBLISHED_FILES[kind];
  return format.slice(0, format.lastIndexOf('/') + 1) || format;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
