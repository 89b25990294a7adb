/**
 * A hostile page: sends requests to `url` by every means of a page, `rounds` of each. Its title becomes "done" when all
 * have ended; `kinds` counts those that reach a server which refuses them.
 */
export function crossSitePage(url: string, walk: string, rounds: number): string {
  return `<!doctype html><title>busy</title><link rel="icon" href="data:,">
<a id="walk" href="${url}${walk}?randomSeed=9">a walk</a> <a id="home" href="${url}/">home</a>
<script>
let seed = 0;
const walk = () => '${url}${walk}?steps=10000&randomSeed=' + ++seed;
const body = JSON.stringify({ query: [{ pin: 'pin-1' }] });
const save = JSON.stringify({ user: 'mallory', pin: 'pin-1' });
const ended = (element) => new Promise((resolve) => {
  element.onload = element.onerror = element.onloadedmetadata = resolve;
  setTimeout(resolve, 5000);
});
const element = (name, attribute, more = {}) => () => {
  const made = Object.assign(document.createElement(name), more);
  const end = ended(made);
  made[attribute] = walk();
  document.body.append(made);
  return end;
};
const form = (method, action, value) => () => {
  const frame = document.createElement('iframe');
  frame.name = 'frame' + ++seed;
  document.body.append(frame);
  const end = ended(frame);
  const made = document.createElement('form');
  Object.assign(made, { method, action: action(), target: frame.name, enctype: 'text/plain' });
  const input = document.createElement('input');
  // Sent as name=value: the equals sign stands within a string of JSON.
  Object.assign(input, { name: value.slice(0, -1) + ',"x":"', value: '"}' });
  made.append(input);
  document.body.append(made);
  made.submit();
  return end;
};
const send = (path, options) => () => fetch(path(), options).catch(() => {});
const at = (path) => () => '${url}' + path;

const reaching = {
  image: element('img', 'src'),
  script: element('script', 'src'),
  style: element('link', 'href', { rel: 'stylesheet' }),
  frame: element('iframe', 'src'),
  object: element('object', 'data'),
  video: element('video', 'src'),
  noCors: send(walk, { mode: 'no-cors' }),
  noCorsCredentials: send(walk, { mode: 'no-cors', credentials: 'include' }),
  cors: send(walk, { mode: 'cors' }),
  credentials: send(walk, { credentials: 'include' }),
  head: send(walk, { method: 'HEAD', mode: 'no-cors' }),
  post: send(at('/v1/recommendations'), { method: 'POST', mode: 'no-cors', body }),
  diagnose: send(at('/v1/walks'), { method: 'POST', mode: 'no-cors', body }),
  save: send(at('/v1/saves'), { method: 'POST', mode: 'no-cors', body: save }),
  formGet: form('get', walk, body),
  formPost: form('post', at('/v1/recommendations'), body),
  formSave: form('post', at('/v1/saves'), save),
  build: send(at('/v1/snapshots'), { method: 'POST', mode: 'no-cors' }),
};
// Those that the browser may itself hold back.
const others = {
  beacon: async () => navigator.sendBeacon('${url}/v1/saves', save),
  events: () => { const source = new EventSource(walk()); return ended(source).then(() => source.close()); },
  prefetch: element('link', 'href', { rel: 'prefetch' }),
  json: send(at('/v1/saves'), { method: 'POST', headers: { 'content-type': 'application/json' }, body: save }),
  put: send(at('/v1/users/mallory'), { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' }),
  remove: send(at('/v1/pins/pin-1'), { method: 'DELETE' }),
};
const kinds = Object.keys(reaching).length;
const run = async () => {
  for (let round = 0; round < ${rounds}; round++) {
    await Promise.all([...Object.values(reaching), ...Object.values(others)].map((attempt) => attempt()));
  }
  document.title = 'done';
};
onload = run;
</script>`;
}
