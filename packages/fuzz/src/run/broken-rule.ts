/** A decoder did with an input what it must not do. */
export class BrokenRule extends Error {
  override readonly name = 'BrokenRule';
}

/** Throws {@link BrokenRule} unless the rule holds. */
export function must(holds: boolean, rule: () => string): asserts holds {
  if (!holds) throw new BrokenRule(rule());
}
