import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { listErrorTables, renderErrors } from '../scripts/error-tables.js';
import { miss, refuse } from '../src/verifier/failure.js';
import { FAILURES, UNVERIFIABLE, type FailureCode, type UnverifiableCode } from '../src/verifier/codes.js';
import {
  RESERVES_FAILURES,
  RESERVES_UNVERIFIABLE,
  type ReservesFailureCode,
  type ReservesUnverifiableCode,
  missForReserves,
  refuseReserves,
} from '../src/verifier/reserves/codes.js';

const SOURCE = resolve(import.meta.dirname, '../src');
const DOCUMENT = resolve(import.meta.dirname, '../docs/errors.md');
const HOME = 'protocol/errors.ts';
const TABLES = listErrorTables(SOURCE);
const keysOf = <Key extends string>(table: Readonly<Record<Key, unknown>>) => Object.keys(table) as Key[];

/** `[class, code]` of each table, and of each check of the verifier. */
const MADE: readonly (readonly [errorClass: string, code: string])[] = [
  ...TABLES.flatMap(({ errors }) => errors.map(({ errorClass, code }) => [errorClass, code] as const)),
  ...[
    ...keysOf<FailureCode>(FAILURES).map((code) => refuse(code, '')),
    ...keysOf<UnverifiableCode>(UNVERIFIABLE).map((code) => miss(code, '')),
    ...keysOf<ReservesFailureCode>(RESERVES_FAILURES).map((code) => refuseReserves(code, '')),
    ...keysOf<ReservesUnverifiableCode>(RESERVES_UNVERIFIABLE).map((code) => missForReserves(code, '')),
  ].map(({ errorClass, code }) => [errorClass, code] as const),
];

describe('the tables of errors', () => {
  it('give each code one class, so that one exit code', () => {
    const classes = new Map<string, Set<string>>();
    for (const [errorClass, code] of MADE) {
      classes.set(code, (classes.get(code) ?? new Set()).add(errorClass));
    }
    expect(classes.size).toBeGreaterThan(300);
    const doubled = [...classes].filter(([, of]) => of.size > 1);
    expect(doubled.map(([code, of]) => `${code}: ${[...of].join(', ')}`)).toEqual([]);
  });

  it('say in a sentence what each code is about', () => {
    const bare = TABLES.flatMap(({ errors }) => errors.filter(({ sentence }) => !sentence.endsWith('.')));
    expect(bare.map(({ code }) => code)).toEqual([]);
  });

  it('are the only ones that give an error its class', () => {
    const thrown = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && path !== HOME)
      .filter((path) => makesError(readFileSync(join(SOURCE, path), 'utf8')));
    expect(thrown).toEqual([]);
  });

  it('are what docs/errors.md shows', async () => {
    const text = await format(renderErrors(TABLES), {
      ...(await resolveConfig(DOCUMENT)),
      filepath: DOCUMENT,
    });
    expect(readFileSync(DOCUMENT, 'utf8'), 'run npm run generate:errors').toBe(text);
  });
});

/** Whether a text has `new SolventError(…)`. */
function makesError(text: string): boolean {
  if (!text.includes('new SolventError')) return false;
  const visit = (node: ts.Node): boolean =>
    (ts.isNewExpression(node) && node.expression.getText() === 'SolventError') ||
    (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  return visit(ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2022, true));
}
