/**
 * `npm run check:deploy`: runs the steps of deploy/Dockerfile in a temporary folder, as there is no Docker, then the image's
 * command as a container would: it refuses to start without a key, answers its health check and ends on SIGTERM. Checks the
 * unit, the alerts and the site of nginx with their own tools, where these are installed. Some two minutes, most of them npm's.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../free-port.ts';
import { print } from '../output.ts';
import { type Stage, environmentOf, execForm, parseDockerfile, valuesOf } from './dockerfile.ts';
import { type PlainImage, ignoredBy, runStages } from './run-stages.ts';

const root = path.join(import.meta.dirname, '../..');
const deploy = path.join(root, 'deploy');
const stopMsMax = 20_000;

const folder = mkdtempSync(path.join(tmpdir(), 'pinwalk-deploy-'));
try {
  checkWithTools();
  const stages = parseDockerfile(readFileSync(path.join(deploy, 'Dockerfile'), 'utf8'));
  const ignored = ignoredBy(path.join(deploy, 'Dockerfile.dockerignore'));
  const image = runStages({ stages, context: root, ignored, into: folder, log: print });
  await runImage(stages.at(-1)!, image);
  print('deploy: all steps passed');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runImage(stage: Stage, { root: files, workdir }: PlainImage): Promise<void> {
  const [program, ...entry] = execForm(valuesOf(stage, 'ENTRYPOINT')[0]!);
  const data = path.join(files, environmentOf(stage)['PINWALK_DATA']!);
  const port = String(await freePort());
  const inherited = { PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}` };
  const env = { ...inherited, ...environmentOf(stage), PINWALK_DATA: data, PINWALK_PORT: port };
  const pinwalk = (args: string[], more: NodeJS.ProcessEnv = {}) =>
    spawnSync(program!, [...entry, ...args], { cwd: workdir, env: { ...env, ...more }, encoding: 'utf8' });
  const command = execForm(valuesOf(stage, 'CMD')[0]!);

  const { status, stderr } = pinwalk(command);
  expect(`without a key, the server does not start: ${stderr.trim()}`, status === 2);
  const { key } = JSON.parse(pinwalk(['keys', 'create', '--scope', 'read', '--json']).stdout) as {
    key: string;
  };
  const saves = path.join(folder, 'saves.csv');
  writeFileSync(saves, 'user,board,pin\nann,pasta,basil\nann,pasta,tomato\n');
  expect('import and build', pinwalk(['import', saves]).status === 0 && pinwalk(['build']).status === 0);

  // Only this machine may reach the server of a check.
  const server = spawn(program!, [...entry, ...command], {
    cwd: workdir,
    env: { ...env, PINWALK_HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  try {
    await Promise.race([once(server.stdout, 'data'), ended]);
    const [check, ...checkArgs] = execForm(valuesOf(stage, 'HEALTHCHECK')[0]!);
    expect('the health check passes', spawnSync(check!, checkArgs, { env }).status === 0);
    const url = `http://127.0.0.1:${port}`;
    const headers = { authorization: `Bearer ${key}` };
    const related = await fetch(`${url}/v1/pins/basil/related`, { headers });
    expect('a request with the key is answered', related.status === 200);
    expect('the page comes', (await fetch(url)).status === 200);
  } finally {
    const late = setTimeout(() => server.kill('SIGKILL'), stopMsMax);
    server.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    clearTimeout(late);
    expect('SIGTERM ends the server with exit code 0', code === 0);
  }
}

/** With `systemd-analyze`, `promtool` and `nginx`; says so when one is missing. */
function checkWithTools(): void {
  const unit = path.join(folder, 'pinwalk.service');
  writeFileSync(
    unit,
    readFileSync(path.join(deploy, 'pinwalk.service'), 'utf8').replace('/usr/bin/node', process.execPath),
  );
  checkWith('systemd-analyze', ['verify', unit]);
  checkWith('promtool', ['check', 'rules', path.join(deploy, 'alerts.yml')]);
  checkWith('nginx', ['-t', '-p', folder, '-e', 'stderr', '-c', nginxConfiguration()]);
}

/** The site within the configuration that surrounds it, with a certificate that signs itself. */
function nginxConfiguration(): string {
  const [certificate, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=pinwalk.example.com', '-days', '1'];
  spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    ...subject,
    '-keyout',
    key,
    '-out',
    certificate,
  ]);
  const site = readFileSync(path.join(deploy, 'nginx.conf'), 'utf8')
    .replace('/etc/ssl/pinwalk/fullchain.pem', certificate)
    .replace('/etc/ssl/pinwalk/key.pem', key)
    .replaceAll(
      /listen (\[::\]:)?(80|443)/g,
      (_, ipv6: string | undefined, port) => `listen ${ipv6 === undefined ? '127.0.0.1' : '[::1]'}:${port}`,
    );
  const file = path.join(folder, 'nginx.conf');
  writeFileSync(file, `pid ${folder}/nginx.pid;\nevents {}\nhttp {\naccess_log off;\n${site}\n}\n`);
  return file;
}

function checkWith(tool: string, args: string[]): void {
  const { error, status, stderr, stdout } = spawnSync(tool, args, { encoding: 'utf8' });
  if (error === undefined)
    expect(`${tool} ${args[0]} ${status === 0 ? '' : stdout + stderr}`.trim(), status === 0);
  else print(`skipped ${tool}: it is not installed`);
}

function expect(what: string, isTrue: boolean): void {
  if (!isTrue) throw new Error(`failed: ${what}`);
  print(`ok: ${what}`);
}
