/** Checks one user's line in a page of your own, without a server: a bundler makes one script of this file. */
import { createPairing, parseTrust, verifyInclusion } from 'solvent/verifier';

/** Who believes a site believes its trust file too: this one is what you ship, from another place than the bundle. */
type Chosen = ReadonlyMap<string, Uint8Array>;

/** The code of the answer: `valid`, or why not. */
async function check(files: Chosen, userId: string): Promise<string> {
  const read = (name: string) => files.get(name);
  const pieces = (name: string) => {
    const bytes = files.get(name);
    return bytes && [bytes];
  };
  const manifest = read('manifest.json');
  const signature = read('manifest.sig.json');
  const [inclusion, trust] = [read('inclusion.json'), read('trust.json')];
  if (manifest === undefined || signature === undefined || inclusion === undefined) return 'files missing';
  const bundle = {
    manifest,
    signature,
    commitments: pieces('commitments.ndjson'),
    weights: read('weights.json'),
    proofs: pieces('proofs.ndjson'),
  };
  const report = await verifyInclusion(inclusion, bundle, trust && parseTrust(trust), {
    userId, // as the user typed it, never from the file
    pairing: await createPairing(),
    allowDevelopmentKeys: true, // to try it out: leave this away for anything that counts
  });
  return report.code;
}

const form = document.querySelector('form')!;
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void answer();
});

async function answer(): Promise<void> {
  const output = form.querySelector('output')!;
  output.value = '';
  const chosen = form.querySelector<HTMLInputElement>('[type=file]')!.files ?? [];
  const read = [...chosen].map(
    async (file) => [file.name, new Uint8Array(await file.arrayBuffer())] as const,
  );
  const userId = form.querySelector<HTMLInputElement>('[name=user]')!.value;
  output.value = await check(new Map(await Promise.all(read)), userId).catch(String);
}
