import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

/** What was published stays as it is, and findings quote what others say. */
const QUOTED =
  /^(findings|conformance\/(bundles|ceremony))\/|^(CHANGELOG\.md|package-lock\.json|test\/words\.test\.ts)$/;
const TEXTS = /\.(ts|mjs|js|md|sql|yaml|html|json|circom|sh|py|css|service|timer)$/;
/** The glossary names the words that are not used. */
const GLOSSARY = 'docs/glossary.md';

/** Words that stand for another one of the glossary, wherever they stand. */
const REPLACED_IN_TEXTS: readonly (readonly [word: RegExp, by: string])[] = [[/folder/i, 'directory']];

/** Words that no name in the code is made of. */
const REPLACED_IN_NAMES: readonly (readonly [word: RegExp, by: string])[] = [
  [/^#?places?$|Places?$/, 'index, position or path'],
  [/^(data|info|misc)$/, 'what it is'],
  [/(Manager|Helper|Utils?|Info)$/, 'what it does'],
  [/Fingerprint(Hash|Digest)|digestHash|hashDigest/, 'one of the two'],
  [/^(idx|cfg|ctx|tmp|obj|arr)$/, 'the word in full'],
];
/** What languages and libraries call theirs. */
const OTHERS_NAMES: readonly string[] = ['data', 'info', 'fileName'];

function listFiles(): string[] {
  return execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
    .split('\0')
    .filter((path) => TEXTS.test(path) && !QUOTED.test(path));
}

function readText(path: string): string {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch (error) {
    // It was removed and not committed yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Names that a source declares, and the exported types among them. */
function listNames(path: string): { readonly declared: string[]; readonly exportedTypes: string[] } {
  const source = ts.createSourceFile(path, readText(path), ts.ScriptTarget.ES2022, true);
  const declared: string[] = [];
  const exportedTypes: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = ts.isPropertyAssignment(node) ? undefined : (node as Partial<ts.NamedDeclaration>).name;
    if (name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) {
      const isDeclared = !ts.isPropertyAccessExpression(node) && !ts.isMetaProperty(node);
      if (isDeclared) declared.push(name.text);
      if (isExportedType(node)) exportedTypes.push(name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { declared, exportedTypes };
}

function isExportedType(node: ts.Node): boolean {
  if (!ts.isTypeAliasDeclaration(node) && !ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node)) {
    return false;
  }
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

describe('the words of the project', () => {
  const files = listFiles();
  const sources = files.filter((path) => /^src\/.*\.ts$/.test(path));

  it('are those of the glossary in every text', () => {
    expect(files.length).toBeGreaterThan(500);
    const found = files
      .filter((path) => path !== GLOSSARY)
      .flatMap((path) => {
        const text = `${path}\n${readText(path)}`;
        return REPLACED_IN_TEXTS.filter(([word]) => word.test(text)).map(
          ([word, by]) => `${path}: ${String(word)}, say ${by}`,
        );
      });
    expect(found).toEqual([]);
  });

  it('are those of the glossary in every name', () => {
    const found = sources.flatMap((path) =>
      listNames(path)
        .declared.filter((name) => !OTHERS_NAMES.includes(name))
        .flatMap((name) =>
          REPLACED_IN_NAMES.filter(([word]) => word.test(name)).map(
            ([, by]) => `${path}: ${name}, say ${by}`,
          ),
        ),
    );
    expect(found).toEqual([]);
  });

  it('give no two types one name', () => {
    const homes = new Map<string, string[]>();
    for (const path of sources) {
      for (const name of listNames(path).exportedTypes) homes.set(name, [...(homes.get(name) ?? []), path]);
    }
    expect(homes.size).toBeGreaterThan(300);
    expect([...homes].filter(([, paths]) => paths.length > 1)).toEqual([]);
  });

  it('stand in the glossary once each', () => {
    const terms = [...readText(GLOSSARY).matchAll(/^- (.*?):/gm)].flatMap(([, head]) =>
      [...head!.matchAll(/\*\*(.+?)\*\*/g)].map(([, term]) => term!),
    );
    expect(terms.length).toBeGreaterThan(40);
    expect(new Set(terms).size).toBe(terms.length);
  });
});
