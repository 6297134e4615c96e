/** What the process says when it ends: 0 done; 1 the check or operation failed; 2 usage, configuration or a refused start. */
export type ExitStatus = 0 | 1 | 2;
