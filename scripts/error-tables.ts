import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

/** A code of a table, as its source has it. */
export type TabledError = {
  readonly code: string;
  readonly errorClass: string;
  /** What it is about, from the comment above it. */
  readonly sentence: string;
  readonly advice: string | undefined;
};

export type TableOfErrors = {
  readonly name: string;
  /** The room's directory below `src`. */
  readonly room: string;
  /** What the table is about, from the comment above it. */
  readonly title: string;
  readonly errors: readonly TabledError[];
};

/** Every table of errors below a source directory, by its room: an exported constant whose name ends in `_ERRORS`. */
export function listErrorTables(source: string): TableOfErrors[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .flatMap((path) => {
      const text = readFileSync(join(source, path), 'utf8');
      if (!text.includes('_ERRORS = {')) return [];
      const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
      return file.statements.flatMap((statement) => readTable(statement, path.split('/')[0]!));
    });
}

function readTable(statement: ts.Statement, room: string): TableOfErrors[] {
  if (!ts.isVariableStatement(statement)) return [];
  const [declaration] = statement.declarationList.declarations;
  const name = declaration?.name.getText() ?? '';
  const literal = withoutAssertions(declaration?.initializer);
  if (!name.endsWith('_ERRORS') || literal === undefined) return [];
  const errors = literal.properties.flatMap(readEntry);
  return errors.length === 0 ? [] : [{ name, room, title: commentOf(statement), errors }];
}

/** The object literal under `as const` and `satisfies`. */
function withoutAssertions(node: ts.Expression | undefined): ts.ObjectLiteralExpression | undefined {
  if (node === undefined) return undefined;
  if (ts.isObjectLiteralExpression(node)) return node;
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node)
    ? withoutAssertions(node.expression)
    : undefined;
}

/** `'some-code': { class: 'usage', advice: '…' }` */
function readEntry(node: ts.ObjectLiteralElementLike): TabledError[] {
  if (!ts.isPropertyAssignment(node) || !ts.isObjectLiteralExpression(node.initializer)) return [];
  const texts = new Map<string, string>();
  for (const property of node.initializer.properties) {
    if (ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer)) {
      texts.set(property.name.getText(), property.initializer.text);
    }
  }
  const code = ts.isStringLiteral(node.name) ? node.name.text : node.name.getText();
  const errorClass = texts.get('class') ?? '';
  return [{ code, errorClass, sentence: commentOf(node), advice: texts.get('advice') }];
}

/** The text of the comment right above a node. */
function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  const text = ts.getTextOfJSDocComment(comment?.comment) ?? '';
  return text.replace(/\s+/g, ' ').trim();
}

const HEAD = `# Errors

Made by \`npm run generate:errors\` from the tables of the rooms; do not edit it by hand.

Every error has a class, which says whose move is next, and a code, which stays the same. A message reads "expected
X, got Y: what to do". Commands end with 2 for the class *usage*, with 3 for *trust*, and with 1 for all others.

| Class | Whose move is next |
|---|---|
| usage | the caller: wrong arguments, or a file that cannot be opened |
| source | the owner of the source files: a value in a file that they wrote |
| reconciliation | the platform's accountants: the books do not agree |
| format | the author of a published file: it is not what its format says |
| artefact | the operator: a key, circuit or cached file is missing or changed |
| proving | the operator: a proof could not be made |
| verification | the platform: what was published is not shown to be true |
| trust | the caller of the verifier: what only they can bring is missing |
| invariant | the authors of this program: a bug |

The codes of a verifier's checks stand in [its README](../src/verifier/README.md), each with the number of its check.
Those that are in a table here have the class that stands here; the others are of class *verification*, and of class
*trust* where a check could not be made.
`;

/** The document of all tables. */
export function renderErrors(tables: readonly TableOfErrors[]): string {
  const sections = tables.map(({ name, room, title, errors }) => {
    const lines = errors.map(
      ({ code, errorClass, sentence, advice }) =>
        `- \`${code}\` (${errorClass}): ${`${sentence} ${capitalize(advice ?? '')}`.trimEnd()}`,
    );
    const heading = `## ${room}${name === `${room.toUpperCase()}_ERRORS` ? '' : `: \`${name}\``}`;
    return [heading, '', title, '', ...lines, ''].join('\n');
  });
  return [HEAD, ...sections].join('\n');
}

function capitalize(text: string): string {
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
