import { workerData } from 'node:worker_threads';
import { openDataFolder } from '../../../graph-data/base/index.ts';
import { DatabaseFile } from '../../../graph-data/database/index.ts';
import { SaveWriter, type WriteRequest } from '../../../graph-data/writing/index.ts';
import type { SaveWrites, WriterData } from './messages.ts';
import { parseLines } from './parse-lines.ts';
import { parseRecords } from './parse-records.ts';
import { serveWrites } from './serve-writes.ts';

const { dataFolder, busyMs, fileSeen } = workerData as WriterData;
const folder = openDataFolder(dataFolder);

serveWrites<SaveWrites, SaveWriter>({
  // The database that the server reads, in case another one is in its place now.
  open: () => SaveWriter.open(folder, { busyMs, file: new DatabaseFile(folder, fileSeen) }),
  apply: (writer, requests, _onFault, mustStop) => {
    const parsed = requests.map((request) => {
      if ('block' in request) return parseLines(request);
      return 'records' in request ? parseRecords(folder, request) : undefined;
    });
    const toApply = requests.map((request, i) => parsed[i]?.request ?? (request as WriteRequest));
    const outcomes = writer.apply(toApply, mustStop)?.outcomes;
    return outcomes?.map((outcome, i) => parsed[i]?.outcomeOf(outcome) ?? outcome);
  },
  maintain: (writer, task) => {
    if (task.kind === 'erase') return writer.erase(task.user, task.time);
    if (task.kind === 'scrub') return writer.scrub(task.upTo);
    if (task.kind === 'applyChanges') return writer.applyChanges(task.lines, task.time);
    return task.kind === 'truncateWal' ? writer.truncateWal() : writer.dropChanges(task.upTo);
  },
});
