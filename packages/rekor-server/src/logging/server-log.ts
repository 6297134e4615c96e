/** Facts of one log line, by name. `undefined` ones are left out. */
export type LogAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where the server's log lines go; the app supplies it. MUST NOT throw. Never gets secrets. */
export interface ServerLog {
  debug(message: string, attributes?: LogAttributes): void;
  info(message: string, attributes?: LogAttributes): void;
  warn(message: string, attributes?: LogAttributes): void;
  error(message: string, attributes?: LogAttributes): void;
}
