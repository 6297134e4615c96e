import { intCell, NULL } from '../rpc/cells.ts';
import type { SpannerConnection } from '../spanner-connection.ts';
import { SCHEMA_RULES } from './read-schema.ts';

/** Says in the tables that a log is being copied into them: nobody but a migration opens them meanwhile. */
export interface FillingMark {
  /** Before the first entry is appended; durable on return. May be repeated. */
  set(): Promise<void>;
  /** After the checkpoint is published. May be repeated. */
  clear(): Promise<void>;
}

/** The mark of the tables of `connection`. Both calls write the same whenever they are made again. */
export function fillingMark(connection: SpannerConnection): FillingMark {
  const write = (value: typeof NULL): Promise<void> => {
    const values = [{ values: [intCell(0), value] }];
    const update = { table: connection.table('Meta'), columns: ['id', 'filling'], values };
    return connection.retry('mark the tables', () => connection.write([{ update }]), SCHEMA_RULES);
  };
  return { set: () => write(intCell(1)), clear: () => write(NULL) };
}
