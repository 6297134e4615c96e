/**
 * Runs `start(0)`, `start(1)`, … `start(count - 1)` with at most `limit` of them under way, and yields the results in
 * order. When the consumer stops, or one fails, nothing new is started.
 */
export async function* ahead<T>(
  count: number,
  limit: number,
  start: (i: number) => Promise<T>,
): AsyncGenerator<T, void, undefined> {
  const underWay: Promise<T>[] = [];
  let next = 0;
  for (;;) {
    while (next < count && underWay.length < limit) {
      const started = start(next++);
      // Its failure is seen when its turn comes; until then it must not count as unhandled.
      started.catch(() => {});
      underWay.push(started);
    }
    const first = underWay.shift();
    if (first === undefined) return;
    yield await first;
  }
}
