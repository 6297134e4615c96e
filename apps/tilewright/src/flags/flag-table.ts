/** What every flag says of itself, whatever its type. */
export interface FlagCommon {
  /** One or two sentences for a reader who does not know the command. */
  readonly help: string;
  /** Heading under which `--help` lists the flag. */
  readonly group?: string;
  /** What stands for the value in `--help`, e.g. `FILE`. */
  readonly placeholder?: string;
  /** Whether rekor-server-posix has a flag of this name, or only the binaries beside it that use cloud services. */
  readonly upstream?: true | 'cloud';
  /** How an upstream flag differs here; part of docs/flags.md. */
  readonly difference?: string;
  /** The value never appears in a message. */
  readonly secret?: true;
  /** Without a value from anywhere the command does not start. */
  readonly required?: true;
}

/** Any text, or one of `choices`. */
export interface StringFlag extends FlagCommon {
  readonly type: 'string';
  readonly default?: string;
  readonly choices?: readonly string[];
}

/** A whole number between `min` and `max`, both included. */
export interface IntFlag extends FlagCommon {
  readonly type: 'int';
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** A switch: `--name` or `--name=true|false`. */
export interface BoolFlag extends FlagCommon {
  readonly type: 'bool';
  readonly default: boolean;
}

/** A Go-style duration (`20s`, `1m30s`) between `min` and `max`; its value is in milliseconds. */
export interface DurationFlag extends FlagCommon {
  readonly type: 'duration';
  readonly default: string;
  readonly min: string;
  readonly max: string;
}

/** Values separated by commas; a repeated flag adds to them. */
export interface ListFlag extends FlagCommon {
  readonly type: 'list';
  readonly default: readonly string[];
}

/** A text that may be given several times and may hold commas. */
export interface RepeatedFlag extends FlagCommon {
  readonly type: 'repeated';
}

/** One flag as data: parsing, `--help` and docs/flags.md read it. */
export type Flag = StringFlag | IntFlag | BoolFlag | DurationFlag | ListFlag | RepeatedFlag;

/** A command's flags by name, without the dashes. The name is the YAML key too. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** The type of a flag's value. Durations are milliseconds. */
export type FlagValue<F extends Flag> = F extends { readonly type: 'int' | 'duration' }
  ? number
  : F extends { readonly type: 'bool' }
    ? boolean
    : F extends { readonly type: 'list' | 'repeated' }
      ? readonly string[]
      : F extends { readonly default: string } | { readonly required: true }
        ? string
        : string | undefined;

/** The values of a whole table. */
export type FlagValues<T extends FlagTable> = { readonly [K in keyof T]: FlagValue<T[K]> };

/** The environment variable of a flag: `http-port` is `TILEWRIGHT_HTTP_PORT`. */
export function environmentName(flag: string): string {
  return `TILEWRIGHT_${flag.toUpperCase().replaceAll('-', '_')}`;
}
