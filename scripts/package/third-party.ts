/**
 * Writes THIRD-PARTY.txt: which packages of others the check page carries, with their licences, and which ones an installation
 * brings besides.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectRoot } from '../../src/system/index.js';
import { describeScript } from '../command-line.js';
import { keepGenerated } from '../verifier/generated.js';
import { listPagePackages } from '../web/page.js';

/** An entry of package-lock.json: where in node_modules, and what npm says of it. */
type Installed = {
  readonly version: string;
  readonly license?: string;
  readonly dev?: true;
  readonly os?: readonly string[];
  readonly hasInstallScript?: true;
};

const { check = false } = describeScript('npm run generate:third-party --', {
  does: 'Write THIRD-PARTY.txt: the packages of others that this package carries or brings, with their licences.',
  examples: ['', '--check'],
})
  .option('--check', 'write nothing, and end with 1 where the file is not what it would write')
  .parse()
  .opts<{ readonly check?: true }>();
const root = projectRoot();
const text = [
  'Packages of others that Solvent carries or brings.',
  'Made by scripts/package/third-party.ts from package-lock.json.',
  heading('Inside dist/web/check.html, the page on which users check their own line'),
  ...(await Promise.all((await listPagePackages(root)).map(describeCarried))),
  heading('Brought by an installation, each under its own licence, which lies in its directory'),
  ...(await listInstalled()),
  '',
].join('\n');
process.exitCode = await keepGenerated([{ path: join(root, 'THIRD-PARTY.txt'), text }], { check });

function heading(words: string): string {
  return `\n${words}\n${'='.repeat(words.length)}\n`;
}

/** A package whose code is inside the page: its licence goes with it. */
async function describeCarried(name: string): Promise<string> {
  const directory = join(root, 'node_modules', name);
  const file = (await readdir(directory)).find((entry) => /^licen[cs]e(?:\.\w+)?$/i.test(entry));
  const { version, license, author, homepage } = await readPackage(directory);
  const terms =
    file === undefined
      ? `The package has no file of its licence. By ${author}, ${homepage}`
      : await readFile(join(directory, file), 'utf8');
  return `${name} ${version}, ${license}\n\n${terms.replaceAll(/^(?=.)/gm, '    ').trimEnd()}\n`;
}

async function listInstalled(): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Installed>>;
  };
  const lines = await Promise.all(
    Object.entries(packages)
      .filter(([path, { dev }]) => path !== '' && dev !== true)
      .map(async ([path, entry]) => {
        const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
        const { license } = entry.license === undefined ? await readPackage(join(root, path)) : entry;
        const remarks = [
          entry.os && `on ${entry.os.join(', ')} alone`,
          entry.hasInstallScript && 'has a script at install, which Solvent does not need',
        ].filter(Boolean);
        return `${name} ${entry.version}, ${license}${remarks.map((remark) => ` (${String(remark)})`).join('')}`;
      }),
  );
  return [...new Set(lines)].sort();
}

type PackageFile = {
  readonly version: string;
  readonly license: string;
  readonly author: string;
  readonly homepage: string;
};

async function readPackage(directory: string): Promise<PackageFile> {
  const found = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as PackageFile & {
    /** As packages said it before npm 2. */
    readonly licenses?: readonly { readonly type: string }[];
  };
  const license =
    (found.license as string | undefined) ?? found.licenses?.map(({ type }) => type).join(' or ');
  if (license === undefined) throw new Error(`expected a licence in ${directory}, got none`);
  return { ...found, license };
}
