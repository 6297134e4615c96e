/** Importance of a line; a writer leaves out what is below its own. */
export type Level = 'debug' | 'info' | 'warn' | 'error';

/** What a line says besides its message; `undefined` is left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes lines about what the program does. It never throws. */
export interface LogLines {
  debug(message: string, attributes?: Attributes): void;
  info(message: string, attributes?: Attributes): void;
  warn(message: string, attributes?: Attributes): void;
  error(message: string, attributes?: Attributes): void;
}

/** How lines look and where they go. */
export interface LogLinesOptions {
  readonly level: Level;
  /** `text` is `time=… level=INFO msg="…" key=value`; `json` one object a line with the same names. */
  readonly format: 'text' | 'json';
  readonly write: (line: string) => void;
  /** Wall time in milliseconds since 1970. */
  readonly nowMs: () => number;
}

const ORDER: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A writer of lines. */
export function logLines(options: LogLinesOptions): LogLines {
  const at =
    (level: Level) =>
    (message: string, attributes: Attributes = {}): void => {
      if (ORDER[level] < ORDER[options.level]) return;
      const time = new Date(options.nowMs()).toISOString();
      const fields = { time, level: level.toUpperCase(), msg: message, ...attributes };
      options.write(options.format === 'json' ? JSON.stringify(fields) : textLine(fields));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function textLine(fields: Attributes): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${quoted(name)}=${quoted(String(value))}`)
    .join(' ');
}

/** JSON's escapes keep a hostile value on its line. */
function quoted(text: string): string {
  return /^[\w.:/@+,-]+$/.test(text) ? text : JSON.stringify(text);
}
