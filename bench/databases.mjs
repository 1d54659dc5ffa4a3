/** The databases of the application's forms. */
import { openDatabases } from '../fixtures/postgres/databases.mjs';

/**
 * Makes a database for each form, on the server that DATABASE_URL names, or on one that is started.
 *
 * @param {readonly string[]} forms
 * @returns {Promise<{ urls: Record<string, string>, close: () => Promise<void> } | undefined>} undefined where there is no server; says why
 */
export async function databasesOf(forms) {
  const { DATABASE_URL } = process.env;
  let databases;
  try {
    databases = await openDatabases(DATABASE_URL);
    const urls = {};
    for (const form of forms) urls[form] = await databases.create(form);
    return { urls, close: databases.close };
  } catch (error) {
    await databases?.close();
    const why =
      DATABASE_URL === undefined
        ? `No server could be started here. ${error.message} Set DATABASE_URL to use a server of yours.`
        : `The server of DATABASE_URL cannot be used, which takes a URL and a user who may create databases: ${error.message}`;
    console.log(`LEFT OUT: the pages over Postgres. ${why}\n`);
    return undefined;
  }
}
