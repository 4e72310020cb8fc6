/** An address of this app; anything else is not followed. */
export function safeAddress(address: string): string | undefined {
  return /^\/(?![/\\])/.test(address) ? address : undefined;
}
