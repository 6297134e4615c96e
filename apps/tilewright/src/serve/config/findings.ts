/** What checks of a configuration found; all of it is reported together. */
export interface Findings {
  readonly problems: string[];
  readonly warnings: string[];
}
