/** What stays together when an identifier is broken into lines. */
export function identifierParts(name: string): string[] {
  return name.split(/(?<=[_.])(?![_.])/);
}
