import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes a key and a certificate that signs itself, where the PostgreSQL server can read them.
 * @param subject what it is for, as in `DNS:localhost`.
 */
export function makeServerCertificate(
  directory: string,
  name: string,
  subject: string,
): { readonly key: string; readonly certificate: string } {
  const [key, certificate] = ['key', 'pem'].map((ending) => join(directory, `${name}.${ending}`));
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const named = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${subject}`];
  const out = ['-nodes', '-keyout', key!, '-out', certificate!, '-days', '2'];
  execFileSync('openssl', [...words, ...named, ...out], { stdio: 'ignore' });
  chmodSync(key!, 0o600);
  chmodSync(directory, 0o755);
  if (process.getuid?.() === 0) {
    const owner = Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }));
    chownSync(key!, owner, owner);
  }
  return { key: key!, certificate: certificate! };
}
