/** Drops the oldest entries of a map beyond the limit, so that an emulator left running for days keeps a bounded memory. */
export function keepNewest(map: Map<string, unknown>, limit: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= limit) return;
    map.delete(oldest);
  }
}
