import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import ts from 'typescript';
import { expect, it } from 'vitest';

const SOURCE = resolve(import.meta.dirname, '../src');

/** Each error that is made with its class and its code as they stand, and each of a room's table: `[class, code]`. */
const MADE = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .flatMap((path) => {
    const text = readFileSync(join(SOURCE, path), 'utf8');
    return listErrors(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  });

function listErrors(node: ts.Node): [errorClass: string, code: string][] {
  const found: [string, string][] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isNewExpression(child) && child.expression.getText() === 'SolventError') {
      const [errorClass, code] = child.arguments ?? [];
      if (errorClass && code && ts.isStringLiteral(errorClass) && ts.isStringLiteral(code)) {
        found.push([errorClass.text, code.text]);
      }
    }
    const entry = readTableEntry(child);
    if (entry !== undefined) found.push(entry);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

/** `'some-code': { class: 'usage', … }` */
function readTableEntry(node: ts.Node): [errorClass: string, code: string] | undefined {
  if (!ts.isPropertyAssignment(node) || !ts.isObjectLiteralExpression(node.initializer)) return undefined;
  const [first] = node.initializer.properties;
  const isClass = first !== undefined && ts.isPropertyAssignment(first) && first.name.getText() === 'class';
  if (!ts.isStringLiteral(node.name) || !isClass || !ts.isStringLiteral(first.initializer)) return undefined;
  return [first.initializer.text, node.name.text];
}

it('each code has one class, so that one exit code', () => {
  const classes = new Map<string, Set<string>>();
  for (const [errorClass, code] of MADE) {
    classes.set(code, (classes.get(code) ?? new Set()).add(errorClass));
  }
  expect(classes.size).toBeGreaterThan(80);
  const doubled = [...classes].filter(([, of]) => of.size > 1);
  expect(doubled.map(([code, of]) => `${code}: ${[...of].join(', ')}`)).toEqual([]);
});
