import { BUNDLE_FILE_KINDS, BUNDLE_FILES, PUBLISHED_FILES } from '../../protocol/index.js';

/** Where a published site has its bundle, seen from the page. */
const DIRECTORY = 'bundle';

/** Whether this page came from a site, which may have a bundle beside it; a file on a disk has none that it may read. */
export function isServed(): boolean {
  return location.protocol === 'https:' || location.protocol === 'http:';
}

/**
 * Gets the public files of the site that this page came from, as they are there now; those that are not there are left
 * out. Nothing about the user is in what is asked for. The trust file is none of them: it comes from another place. The
 * evidence of a ceremony may come from anywhere: it is held to the keys that the trust file pins.
 */
export async function fetchBundle(): Promise<readonly File[]> {
  const found = await Promise.all([
    ...BUNDLE_FILE_KINDS.map((kind) => fetchSiteFile(DIRECTORY, BUNDLE_FILES[kind])),
    fetchSiteFile('.', PUBLISHED_FILES.ceremony.fileName),
  ]);
  return found.filter((file) => file !== undefined);
}

/** One file of the site that this page came from, as it is there now; undefined where it is not. */
export async function fetchSiteFile(directory: string, name: string): Promise<File | undefined> {
  const answer = await fetch(`${directory}/${name}`, {
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
  }).catch(() => undefined);
  return answer?.ok === true ? new File([await answer.blob()], name) : undefined;
}
