// Writes one private file of a given size and prints the error; for a process with a small file size limit.
import { createPrivateFile, writePrivateFile } from '../../src/node/private-files.ts';

const [how = '', file = '', bytes = '', letter = 'n'] = process.argv.slice(2);
const write = how === 'create' ? createPrivateFile : writePrivateFile;
try {
  write(file, letter.repeat(Number(bytes)));
  process.stdout.write('written');
} catch (error) {
  process.stdout.write(error instanceof Error && 'code' in error ? String(error.code) : String(error));
}
