/**
 * Puts a clock in the place of `Date` whose "now" is shifted by what `shiftMs` returns. The monotonic clock and timers go
 * on as they are, as they do when somebody sets a machine's time of day.
 */
export function shiftClock(shiftMs: () => number): void {
  const RealDate = Date;
  const now = (): number => RealDate.now() + shiftMs();
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}
