/**
 * Where webhooks may go: to this machine, and to hosts that whoever started the server has named. Whether a
 * name leads where it should is seen only when it is looked up, by whoever sends.
 *
 * @module
 */

/** Hosts as URLs write them: names of this machine, and its addresses. */
const THIS_MACHINE =
  /^(?:(?:[^.]+\.)*localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/

/** The host is this machine, by its name or its address. */
export function isThisMachine(hostname: string): boolean {
  return THIS_MACHINE.test(hostname)
}

/**
 * Why nothing is sent to a URL, a sentence; null where it may be.
 *
 * @param hosts - Names and addresses that are allowed beside this machine.
 */
export function refusalOfReceiver(url: string, hosts: readonly string[]): string | null {
  if (!URL.canParse(url)) return `${shown(url)} is no URL`
  const { protocol, username, password, hostname } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return `${shown(url)} is neither http nor https`
  if (username !== '' || password !== '') return `${shown(url)} holds credentials`
  if (isThisMachine(hostname) || hosts.some((host) => hostOf(host) === hostname)) return null
  const mend = `start the server with --webhook-host ${shown(hostname)} to allow it`
  return `${shown(hostname)} is not this machine; ${mend}`
}

/** A host in the spelling that URLs have for it; null where it is none. */
export function hostOf(host: string): string | null {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  const url = `http://${name}/`
  if (/[/?#@\\\s]/.test(host) || !URL.canParse(url)) return null
  const { hostname, port, href } = new URL(url)
  return port === '' && href === `http://${hostname}/` ? hostname : null
}

function shown(text: string): string {
  return text.slice(0, 200)
}
