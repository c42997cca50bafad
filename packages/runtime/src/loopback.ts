/** Which addresses only this machine can reach. */

/** Whether `host` (a name or an address, an IPv6 one with or without brackets) is this machine's own loopback. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare)
}
