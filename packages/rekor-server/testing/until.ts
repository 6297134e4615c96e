import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once `condition` holds; rejects after three seconds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 3000) throw new Error('the condition never held');
    await sleep(5);
  }
}
