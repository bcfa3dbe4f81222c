import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
/** What fits a screen beside a list of files. */
const MAX_TABLE_COLUMNS = 120;
const DOCUMENTS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...['circuits', 'docs', 'docs/adr', 'examples', 'findings', 'src/prover/engine', 'src/verifier'].flatMap(
    (directory) =>
      readdirSync(join(ROOT, directory))
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(directory, name)),
  ),
];

/** The lines of a document outside of its blocks of code. */
function readProse(path: string): string[] {
  return readFileSync(join(ROOT, path), 'utf8')
    .replace(/^```[^]*?^```/gm, '')
    .split('\n');
}

/** The anchors of a document's headings, as hosts of repositories make them. */
function listAnchors(path: string): string[] {
  return readProse(path)
    .filter((line) => line.startsWith('#'))
    .map((line) => line.replace(/^#+\s+/, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'))
    .map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    );
}

/** The links of a document that lead nowhere. */
function listBrokenLinks(path: string): string[] {
  const links = [
    ...readProse(path)
      .join('\n')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, link]) => link!);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !listAnchors(target).includes(anchor);
  });
}

describe('the documents', () => {
  it.each(DOCUMENTS)('%s has links that lead somewhere, and no table that is wider than a screen', (path) => {
    expect(listBrokenLinks(path)).toEqual([]);
    const wide = readProse(path).filter((line) => line.startsWith('|') && line.length > MAX_TABLE_COLUMNS);
    expect(wide.map((line) => line.slice(0, 60))).toEqual([]);
  });

  it('are all named in the list by reader, or beside what they are about', () => {
    const list = ['docs/README.md', 'README.md']
      .map((path) => readFileSync(join(ROOT, path), 'utf8'))
      .join('');
    const docs = readdirSync(join(ROOT, 'docs')).filter(
      (name) => name.endsWith('.md') && name !== 'README.md',
    );
    expect(docs.filter((name) => !list.includes(name))).toEqual([]);
  });

  it('begin, in the README, with where each reader goes and the two commands', () => {
    const [start = ''] = readFileSync(join(ROOT, 'README.md'), 'utf8').split('## ');
    for (const reader of ['run a platform', 'audit', 'have an account']) expect(start).toContain(reader);
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Readonly<Record<string, string>>;
    };
    const commands = [...start.matchAll(/^ {4}(.+)$/gm)].map(([, command]) => command);
    expect(commands).toEqual(['npm ci && npm run demo', 'npm test']);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']));
  });
});
