const cleanups = new Set<() => void>();
let listening = false;

/**
 * Has `cleanup` called, synchronously, the last first, when the process ends in
 * any way but SIGKILL; the result takes it off again.
 */
export function onExit(cleanup: () => void): () => void {
  if (!listening) process.once('exit', runAll);
  listening = true;
  cleanups.add(cleanup);
  return () => void cleanups.delete(cleanup);
}

/** Makes SIGINT and SIGTERM end the process the ordinary way, so that cleanups run: no server outlives its command. */
export function exitOnSignals(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}

function runAll(): void {
  for (const cleanup of [...cleanups].reverse()) cleanup();
  cleanups.clear();
}
