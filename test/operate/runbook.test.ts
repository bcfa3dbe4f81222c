import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { OPERATE_ERRORS, parseOperation } from '../../src/operate/index.js';
import { projectRoot } from '../../src/system/index.js';
import { EXAMPLES, readExample } from './examples.js';

const read = (name: string) => readFileSync(join(projectRoot(), 'docs', name), 'utf8');
/** Titles of the runbook's pages, and what is on them. */
const PAGES = read('runbook.md')
  .split(/^## /m)
  .slice(1)
  .map((page) => ({ title: page.split('\n', 1)[0]!, text: page.split('\n').slice(1).join('\n').trim() }));
/** Every code of every table, as `docs/errors.md` lists them. */
const CODES = new Set([...read('errors.md').matchAll(/^- `([a-z0-9-]+)`/gm)].map(([, code]) => code!));
const codesOf = (title: string) => [...title.matchAll(/`([a-z0-9-]+)`/g)].map(([, code]) => code!);

describe('the runbook', () => {
  it('has a page for the first day and one for each code of an operation', () => {
    expect(PAGES[0]!.title).toBe('The first day');
    const named = new Set(PAGES.flatMap(({ title }) => codesOf(title)));
    expect(Object.keys(OPERATE_ERRORS).filter((code) => !named.has(code))).toEqual([]);
  });

  it('names no code that is not there, each in one title, and says something on each page', () => {
    const named = PAGES.flatMap(({ title }) => codesOf(title));
    expect(new Set(named).size).toBe(named.length);
    expect(named.filter((code) => !CODES.has(code))).toEqual([]);
    for (const { title, text } of PAGES) expect(text.length, title).toBeGreaterThan(80);
  });
});

describe('the example of a configuration', () => {
  it('is read, and writes only to what the unit and the job let it write to', async () => {
    const { state, site, ledger, metrics } = await parseOperation(join(EXAMPLES, 'operation.yaml'));
    const [, allowed] = /^ReadWritePaths=(.+)$/m.exec(readExample('solvent.service'))!;
    for (const path of [state, site, ledger!, metrics.file!])
      expect(
        allowed!.split(' ').some((directory) => path.startsWith(`${directory}/`)),
        path,
      ).toBe(true);
    for (const directory of allowed!.split(' '))
      expect(readExample('cronjob.yaml')).toContain(`mountPath: ${directory} }`);
  });
});
