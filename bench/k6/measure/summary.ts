import { readSettings } from '../settings/read-settings.ts';

const { summary } = readSettings();

/** k6 calls it at the end: totals and verdicts of the thresholds go to a file, and nothing to the screen. */
export function handleSummary(data: unknown): Record<string, string> {
  return { [summary]: JSON.stringify(data) };
}
