import sparticuz from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

/** For whatever a browser does: it ends what hangs, and fails nothing for want of speed. */
export const PATIENCE_MS = 1_200_000;

/** A browser without a window; one page of it that is closed does not end it. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: sparticuz.args.filter((argument) => argument !== '--single-process'),
    headless: true,
    timeout: PATIENCE_MS,
  });
}
