import { SETTINGS_VARIABLE, type Settings } from '../../src/scenarios/settings.ts';

/** The settings of this run. Throws when there are none: scripts are run by `npm run load`. */
export function readSettings(): Settings {
  const text = __ENV[SETTINGS_VARIABLE];
  if (text === undefined) throw new Error('this script has no settings: run it with `npm run load`');
  return JSON.parse(text) as Settings;
}
