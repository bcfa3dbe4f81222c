import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { SolventError } from '../../protocol/index.js';
import { refuseSnapshot, type SnapshotCode } from '../errors.js';

/** What stands in a query for each `{{name}}`: names and literals in quotes, or expressions made of them. */
export type QueryParts = Readonly<Record<string, string>>;

/** The queries of one file, by name, and the names of each of its sections, in the order of the file. */
type Stage = {
  readonly queries: ReadonlyMap<string, string>;
  readonly sections: ReadonlyMap<string, readonly string[]>;
};

/**
 * The stages of `sql/` by the paths of their files, all read when this module is. A snapshot takes minutes. One that
 * read some queries before another version was installed and some after would seal statements that do not add up to its
 * holdings.
 */
const STAGES = new Map(loadStages(fileURLToPath(new URL('../sql', import.meta.url))));

/** Adds the stages of another room, below a name of its own: `analysis/attribution` for `attribution.sql` of its directory. */
export function addStages(name: string, directory: URL): void {
  for (const [path, stage] of loadStages(fileURLToPath(directory))) STAGES.set(`${name}/${path}`, stage);
}

function loadStages(directory: string): ReadonlyMap<string, Stage> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.sql'),
  );
  return new Map(
    files.map((path) => [
      path.slice(0, -'.sql'.length).split(sep).join('/'),
      parseStage(readFileSync(join(directory, path), 'utf8')),
    ]),
  );
}

/** Splits the text of a stage at its lines `-- section: TITLE` and `-- name: NAME`. What stands before the first says what the stage is. */
export function parseStage(text: string): Stage {
  const queries = new Map<string, string>();
  const sections = new Map<string, string[]>();
  let names: string[] = [];
  const [, ...marked] = text.split(/^-- (?=(?:section|name): )/m);
  for (const part of marked) {
    const [, kind, title, body] = /^(section|name): (.+)\n([^]*)$/.exec(part)!;
    if (kind === 'section') {
      names = [];
      sections.set(title!, names);
    } else {
      names.push(title!);
      queries.set(title!, body!.trim());
    }
  }
  return { queries, sections };
}

/** The stage of `sql/<path>.sql`. One of another directory, as tests have them, is read when it is asked for. */
function findStage(path: string): Stage {
  return STAGES.get(path) ?? parseStage(readFileSync(new URL(`../sql/${path}.sql`, import.meta.url), 'utf8'));
}

/**
 * The query `stage/name` with its parts put in.
 * @throws SolventError of class `invariant`: `own-query-failed`, where there is none, or where it wants another part.
 */
export function assembleQuery(path: string, parts: QueryParts = {}): string {
  const end = path.lastIndexOf('/');
  const text = findStage(path.slice(0, end)).queries.get(path.slice(end + 1));
  if (text === undefined) throw refuseQuery(path, `expected the query ${path}, got none of this name`);
  return text.replace(/\{\{(\w+)\}\}/g, (_, part: string) => {
    const found = parts[part];
    if (found !== undefined) return found;
    throw refuseQuery(path, `expected the part ${part} of the query ${path}, got none`);
  });
}

/** The same of what is an expression for other queries, without its comment, in parentheses. */
export function assembleExpression(path: string, parts: QueryParts = {}): string {
  const [, expression] = /^(?:--.*\n)*([^]*)$/.exec(assembleQuery(path, parts))!;
  return `(${expression!})`;
}

/**
 * The paths of all queries of a section, in the order of the stage's file.
 * @throws SolventError of class `invariant`: `own-query-failed`, where there is no such section.
 */
export function listSection(stage: string, section: string): string[] {
  const names = findStage(stage).sections.get(section);
  if (names === undefined) {
    throw refuseQuery(stage, `expected the section ${section} of the queries ${stage}, got none`);
  }
  return names.map((name) => `${stage}/${name}`);
}

/** That a query did not run, or is not there; it is named, and nothing that it read is. */
export function refuseQuery(query: string, message: string): SolventError<SnapshotCode> {
  return refuseSnapshot('own-query-failed', message, { details: { query } });
}
