// Imported first by every command. It must load on a Node too old for the rest, so it uses nothing new.
const major = Number(process.versions.node.split('.')[0]);

if (major < 20) {
  console.error(`Calendar Connect needs Node 20 or newer, and this is Node ${process.versions.node}: install a newer one from nodejs.org.`);
  process.exit(1);
}
if (process.platform === 'win32') {
  console.error('Calendar Connect is developed on Linux and macOS: on Windows, run the same command inside WSL (wsl --install).');
  process.exit(1);
}
