/** How long a browser may take to begin with a download. */
const BEGIN_MS = 60_000;

/** Hands a file to the browser's downloads, or to Electron's question where to save it. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), BEGIN_MS);
}
