import type { v1 } from '@google-cloud/spanner';
import { GcpError } from '../../gcp-error.ts';
import type { SpannerPlace } from '../../place/spanner-path.ts';
import { clientOptions } from '../connect-spanner.ts';
import { STATUS, statusOf } from '../rpc/status.ts';
import type { SpannerConnection } from '../spanner-connection.ts';
import { SCHEMA_RULES } from './read-schema.ts';

/** The DDL of Spanner is slow: milliseconds that a change of tables may take. */
const DDL_MS = 600_000;

type Admin = v1.DatabaseAdminClient;

/** Makes the database, and on an emulator the instance, unless they are there. @throws GcpError */
export async function makeDatabase(connection: SpannerConnection): Promise<void> {
  const { place } = connection;
  const parent = `projects/${place.project}/instances/${place.instance}`;
  await withAdmin(place, (admin) => {
    const create = (): Promise<void> => unlessThere(() => createDatabase(admin, parent, place));
    const both = async (): Promise<void> => {
      try {
        await create();
      } catch (error) {
        if (place.emulator === undefined || statusOf(error) !== STATUS.notFound) throw error;
        await makeInstance(connection, parent);
        await create();
      }
    };
    return connection.retry('create the database', both, SCHEMA_RULES);
  });
}

async function createDatabase(admin: Admin, parent: string, { database }: SpannerPlace): Promise<void> {
  const [operation] = await admin.createDatabase({ parent, createStatement: `CREATE DATABASE \`${database}\`` });
  await operation.promise();
}

/** Instances of real Spanner cost money by the hour: only a person makes one. */
async function makeInstance(connection: SpannerConnection, name: string): Promise<void> {
  const { place } = connection;
  const sdk = await import('@google-cloud/spanner');
  const admin = new sdk.v1.InstanceAdminClient(await clientOptions(place));
  const instance = {
    config: `projects/${place.project}/instanceConfigs/emulator-config`,
    displayName: place.instance,
    nodeCount: 1,
  };
  const request = { parent: `projects/${place.project}`, instanceId: place.instance, instance };
  try {
    await connection.retry(
      'create the instance',
      () =>
        unlessThere(async () => {
          const [operation] = await admin.createInstance({ ...request, instance: { name, ...instance } });
          await operation.promise();
        }),
      SCHEMA_RULES,
    );
  } finally {
    await admin.close();
  }
}

/** Runs statements on the database. A change that somebody else is making at the same time is waited for. */
export async function runStatements(connection: SpannerConnection, statements: string[]): Promise<void> {
  const { place } = connection;
  const database = `projects/${place.project}/instances/${place.instance}/databases/${place.database}`;
  await withAdmin(place, (admin) =>
    connection.retry(
      'change the tables',
      async () => {
        const [operation] = await admin.updateDatabaseDdl({ database, statements }, { timeout: DDL_MS });
        await operation.promise();
      },
      {
        ...SCHEMA_RULES,
        isTransient: (error) => SCHEMA_RULES.isTransient(error) || statusOf(error) === STATUS.failedPrecondition,
      },
    ),
  );
}

async function withAdmin(place: SpannerPlace, work: (admin: Admin) => Promise<void>): Promise<void> {
  const sdk = await import('@google-cloud/spanner');
  const admin = new sdk.v1.DatabaseAdminClient(await clientOptions(place));
  try {
    await work(admin);
  } catch (error) {
    if (error instanceof GcpError && statusOf(error.cause) === STATUS.notFound) {
      throw new GcpError('no-place', `there is no Spanner instance '${place.instance}' in project '${place.project}'`, {
        cause: error,
      });
    }
    throw error;
  } finally {
    await admin.close();
  }
}

async function unlessThere(create: () => Promise<void>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (statusOf(error) !== STATUS.alreadyExists) throw error;
  }
}
