/**
 * What of one value the schemas applied to it have looked at: what `unevaluatedProperties` and
 * `unevaluatedItems` leave alone.
 *
 * @module
 */

/** The members and items of one value that were evaluated. */
export class Marks {
  /** Every member was. */
  allMembers = false
  readonly members: Set<string> = new Set()
  /** All items before this position were. */
  items = 0
  readonly positions: Set<number> = new Set()

  /** Takes over what another schema has evaluated of the same value. */
  add(other: Marks): void {
    if (other.allMembers) this.allMembers = true
    for (const name of other.members) this.members.add(name)
    if (other.items > this.items) this.items = other.items
    for (const position of other.positions) this.positions.add(position)
  }

  /** Was that member evaluated? */
  hasMember(name: string): boolean {
    return this.allMembers || this.members.has(name)
  }

  /** Was that item evaluated? */
  hasItem(position: number): boolean {
    return position < this.items || this.positions.has(position)
  }
}
