/** Time for a browser to start a download, in milliseconds. */
const BEGIN_MS = 60_000;

/** Starts a download in the browser; Electron asks for the place of the file. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), BEGIN_MS);
}
