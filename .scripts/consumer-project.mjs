// An empty project that has the published packages installed: imports every entry from plain Node, runs what a server does, and
// compiles what servers and pages write against them. Offline: dependencies are links to what the workspace has installed.
import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runQuietly } from './run.mjs';
import { root, tool, workspaceEnvironment, workspaceNode } from './workspace.mjs';

/** Both ways in which today's projects look for types. */
const resolutions = [
  { moduleResolution: 'nodenext', module: 'nodenext' },
  { moduleResolution: 'bundler', module: 'preserve' },
];

/** With `skipLibCheck` off, the published declarations are checked themselves. */
const strictest = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, target: 'es2024' };

const programs = [
  { file: 'server.ts', lib: ['es2024'], types: ['node'] },
  { file: 'page.ts', lib: ['es2024', 'dom', 'dom.iterable'], types: [] },
];

/**
 * Uses the packages in a project in `folder`, whose node_modules already has them unpacked.
 *
 * @returns The exit code of every attempt.
 */
export async function useAsConsumer(packed, folder) {
  for (const each of packed) linkDependencies(each);
  const { source } = packed.find(({ name }) => name === '@calendar-connect/backend');
  link(join(source, 'node_modules', 'hono'), join(folder, 'node_modules', 'hono'));
  link(join(root, 'node_modules', '@types', 'node'), join(folder, 'node_modules', '@types', 'node'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "type": "module" }\n');
  writeFileSync(join(folder, 'entries.ts'), importOfEvery(packed));
  cpSync(join(root, '.scripts', 'consumer'), folder, { recursive: true });
  const codes = [
    await attempt(folder, 'Importing every entry point', ['entries.ts']),
    await attempt(folder, "Running a server's code", ['server.ts', join(folder, 'consumer.db')]),
    await attempt(folder, 'Running the command', ['node_modules/@calendar-connect/backend/bin/calendar-connect.js', '--help']),
  ];
  for (const program of programs) for (const resolution of resolutions) codes.push(await compile(folder, program, resolution));
  return codes;
}

/** Each package sees its own dependencies and no other. The packages themselves are beside each other, as after an install. */
function linkDependencies({ source, installed, manifest }) {
  const names = Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith('@calendar-connect/'));
  for (const name of names) link(join(source, 'node_modules', name), join(installed, 'node_modules', name));
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(realpathSync(target), path);
}

function importOfEvery(packed) {
  const entries = packed.flatMap(({ name, manifest }) => Object.keys(manifest.exports).map((path) => name + path.slice(1)));
  const lines = entries
    .filter((entry) => !entry.includes('*'))
    .map((entry) => {
      const json = entry.endsWith('.json');
      const options = json ? ", { with: { type: 'json' } }" : '';
      return `if (Object.keys(await import('${entry}'${options})).length === 0) throw new Error('${entry} exports nothing.');`;
    });
  return `${lines.join('\n')}\n`;
}

/** The `source` condition is not set: this Node is a user's. */
async function attempt(folder, announcement, args) {
  const { code } = await runQuietly(announcement, [workspaceNode(), ...args], {
    cwd: folder,
    env: workspaceEnvironment({ NODE_OPTIONS: '' }),
  });
  return code;
}

async function compile(folder, { file, lib, types }, resolution) {
  const config = { compilerOptions: { ...strictest, ...resolution, lib, types }, files: [file] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const announcement = `Compiling ${file} with moduleResolution ${resolution.moduleResolution}`;
  const { code } = await runQuietly(announcement, [tool('tsc'), '-p', folder], { cwd: folder, env: workspaceEnvironment() });
  return code;
}
