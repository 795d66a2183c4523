/**
 * Signatures of webhooks, by the Web Crypto that every runtime has.
 *
 * @module
 */
import type { Webhooks } from '../vendor/vendor.ts'

const encoder = new TextEncoder()

/** The header that signs a body, exactly as it is sent. */
export async function signatureOf(
  { hash, header, prefix }: Webhooks['signature'],
  secret: string,
  body: string,
): Promise<Readonly<Record<string, string>>> {
  const algorithm = { name: 'HMAC', hash }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign'])
  const digest = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(body)))
  const digits = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { [header]: prefix + digits }
}
