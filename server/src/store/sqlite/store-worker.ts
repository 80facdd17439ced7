import { parentPort, workerData } from 'node:worker_threads';
import { DataFolderError, describeFileError } from './data-folder.ts';
import { type StoreDatabase, openForWriting } from './open-database.ts';
import type { WriterReply, Operation, WriterRequest, WriterSettings } from './operations.ts';
import { Writer } from './writer.ts';

// The only writer, on its own thread, so that a sync to disk blocks no other work. It ends only on a message.

if (!parentPort) throw new Error('The store worker is started by the server, not by hand.');
const port = parentPort;
const settings = workerData as WriterSettings;

function answer(message: WriterReply): void {
  port.postMessage(message);
}

function serve(database: StoreDatabase): void {
  const writer = new Writer(database);
  port.on('message', (message: WriterRequest) => {
    if (message === 'close') close(database);
    else answer(commit(writer, message));
  });
  answer({ kind: 'ready' });
}

function commit(writer: Writer, operations: readonly Operation[]): WriterReply {
  try {
    return { kind: 'outcomes', outcomes: writer.commit(operations) };
  } catch (error) {
    return { kind: 'rolled-back', cause: describeFileError(error) };
  }
}

function close(database: StoreDatabase): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // The log then stays beside the database, and the next start reads it, so nothing is lost.
  }
  database.close();
  answer({ kind: 'closed' });
  port.close();
}

try {
  serve(openForWriting(settings.file, settings.maxPages));
} catch (error) {
  if (!(error instanceof DataFolderError)) throw error;
  answer({ kind: 'unusable', message: error.message });
  port.close();
}
