/** The package brings no types of its own. */
declare module 'cluster-key-slot' {
  /** The slot of a Cluster that `key` lies in. */
  export default function calculateSlot(key: string): number
}
