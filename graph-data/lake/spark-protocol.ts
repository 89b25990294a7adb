import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DataError, messageOf } from '../errors.ts';
import { openZipEntry } from '../import/index.ts';

/** The files of Spark Connect's protocol (Apache Spark 4, spark/connect/base.proto and what it imports). */
const protocolFiles = [
  'base',
  'catalog',
  'commands',
  'common',
  'expressions',
  'ml',
  'ml_common',
  'relations',
  'types',
].map((name) => `spark/connect/${name}.proto`);

/**
 * Puts the protocol files of a Spark installation into a folder. They are in its `jars/spark-connect_*.jar`, also in that of pip's
 * `pyspark`, so client and server agree. Throws `lake-engine-missing`.
 */
export async function extractProtocol(home: string, folder: string): Promise<void> {
  const jars = path.join(home, 'jars');
  const jar = existsSync(jars)
    ? readdirSync(jars).find((name) => /^spark-connect_.*\.jar$/.test(name))
    : undefined;
  if (jar === undefined) {
    throw new DataError(
      'lake-engine-missing',
      `${home} has no jars/spark-connect_*.jar: name the folder of a Spark 4 (SPARK_HOME), such as that of pip's pyspark`,
    );
  }
  mkdirSync(path.join(folder, 'spark/connect'), { recursive: true });
  for (const file of protocolFiles) {
    try {
      writeFileSync(path.join(folder, file), await buffer(await openZipEntry(path.join(jars, jar), file)));
    } catch (cause) {
      throw new DataError('lake-engine-missing', `${jar} is not that of Spark 4: ${messageOf(cause)}`, {
        cause,
      });
    }
  }
}
