/**
 * Lets a process go on where whoever read its output went away, as `head` does: what it does and how it ends are no less
 * true for that. Output that could not be written for another reason ends it with that exit code.
 */
export function surviveClosedOutput(unwrittenExitCode: number): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code = 'no code' }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE') return;
      if (stream === process.stdout)
        process.stderr.write(`error: expected to write the output, got ${code}\n`);
      process.exit(unwrittenExitCode);
    });
  }
}
