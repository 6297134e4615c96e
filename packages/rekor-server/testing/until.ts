import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once `condition` holds; rejects after `withinMs`. */
export async function until(condition: () => boolean, withinMs = 3000): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > withinMs) throw new Error('the condition never held');
    await sleep(5);
  }
}
