/**
 * Preloaded into a command (`node --import`): kills its process, as `kill -9` does, before or after the change of the file system
 * whose number SOLVENT_KILL_AT names. Names of files become what they are by these calls alone. One that ends by itself writes how
 * many there were to the file that SOLVENT_CHANGES_FILE names.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const at = Number(process.env.SOLVENT_KILL_AT ?? '0');
const changesFile = process.env.SOLVENT_CHANGES_FILE;
const isAfter = process.env.SOLVENT_KILL_WHEN === 'after';
let count = 0;

function die() {
  process.kill(process.pid, 'SIGKILL');
  // The signal is delivered before anything else is done.
  for (;;);
}

if (isMainThread && (at > 0 || changesFile !== undefined)) {
  for (const name of ['rename', 'link', 'symlink', 'mkdir', 'rm']) {
    const change = fs.promises[name];
    fs.promises[name] = async (...args) => {
      count += 1;
      const isLast = count === at;
      if (isLast && !isAfter) die();
      const result = await change(...args);
      if (isLast) die();
      return result;
    };
  }
  syncBuiltinESMExports();
  process.once('exit', () => {
    if (changesFile !== undefined) fs.writeFileSync(changesFile, String(count));
  });
}
