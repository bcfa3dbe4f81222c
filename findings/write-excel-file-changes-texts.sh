#!/usr/bin/env bash
# write-excel-file: a text that looks like the format's own escape is another text in the spreadsheet, and some characters are gone.
#
# One would assume: a cell of text holds the text that was given, so that two ids of users stay two.
# What happens: the format (ECMA-376, ST_Xstring) reads _x0041_ as the character with that number. The package writes such a
#   text as it is, and a program that follows the format shows A in its place; _x005F_x0041_ would be the right way to
#   write it. U+FFFD and U+0080 are valid in XML 1.0, and are left out without a word: two texts become one.
# Package: write-excel-file 4.1.1, fflate 0.8.2 to look into the file. Seen: 2026-11-29.
set -euo pipefail
cd "$(mktemp -d)"
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund write-excel-file@4.1.1 fflate@0.8.2 >/dev/null 2>&1
cat >see.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import writeXlsxFile from 'write-excel-file/node';
const texts = ['a_x0041_b', 'a\uFFFDb', 'a\u0080b', 'ab'];
const written = writeXlsxFile(texts.map((value) => [{ value, type: String }]), { filePath: 'texts.xlsx' });
await (typeof written?.toFile === 'function' ? written.toFile('texts.xlsx') : written);
const files = unzipSync(readFileSync('texts.xlsx'));
const names = Object.keys(files).filter((name) => /sharedStrings|sheet1\.xml$/.test(name));
const xml = names.map((name) => strFromU8(files[name])).join('');
const found = [...xml.matchAll(/<t(?: [^>]*)?>([^<]*)<\/t>/g)].map(([, text]) => JSON.stringify(text));
console.log(found.join(' '));
JS
node see.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
"a_x0041_b" "ab" "ab" "ab"
SEEN
