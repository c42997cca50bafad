/** A list of addresses, and whether one is on it. */
import { BlockList, isIPv6 } from 'node:net'
import { TELEGRAM_ADDRESSES } from '@chatlane/telegram'

/**
 * The addresses and ranges of `entries`, where `telegram` stands for Telegram's own; IPv4 also as IPv6 writes it. Undefined
 * where there are none.
 */
export function createAddressList(entries: readonly string[]): ((address: string) => boolean) | undefined {
  if (entries.length === 0) return undefined
  const listed = new BlockList()
  for (const entry of entries.flatMap((each) => (each === 'telegram' ? TELEGRAM_ADDRESSES : each))) {
    const [address = '', bits] = entry.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) listed.addAddress(address, family)
    else listed.addSubnet(address, Number(bits), family)
  }
  return (address) => listed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
