/** What a started Redis is, and how it may be asked for. */

/** A Redis that was started here and ends with `stop`. */
export interface RedisServer {
  /** `redis://127.0.0.1:<port>` */
  url: string
  /** Where it came from, for one line to the user. */
  origin: string
  /** Ends the server; what was acknowledged is on disk where `dataDir` was given. */
  stop(): Promise<void>
  /** Asks it to end and waits for nothing: for a process that ends at once. */
  abandon(): void
}

/** How the server is to be. */
export interface RedisServerOptions {
  /** Where its append-only file is kept. Without it nothing is kept. */
  dataDir?: string
  /** Further arguments for redis-server, such as `['--maxmemory', '10mb']`. */
  args?: readonly string[]
  /**
   * Ends the server with this process, however that ends, and does not keep this process alive for it. Default: it is
   * there until `stop`. A container ends with its process in any case.
   */
  endsWithProcess?: boolean
  /** Told what is being done, a line each. Default: silent. */
  tell?: (line: string) => void
}
