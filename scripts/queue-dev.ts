/** A PostgreSQL for trying out proofs over a queue: prints its URL, and ends with all that was in it when it is told to. */
import { describeScript, parseFrom } from './command-line.js';
import { startPostgres } from './postgres-server.js';

const { port } = describeScript('npm run queue:dev --', {
  does: 'Start a PostgreSQL with nothing in it, print its URL, and remove it when this ends.',
  examples: ['', '--port 5433'],
})
  .option(
    '--port <number>',
    'where it listens, on this machine alone (default: a free one)',
    parseFrom(1, 65_535),
  )
  .parse()
  .opts<{ readonly port?: number }>();

const { url, stop } = await startPostgres({ port });
console.log(url);
const end = async () => {
  await stop();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
