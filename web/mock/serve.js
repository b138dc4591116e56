// Serves dist/ with the fixtures and the content security policy of the real server, so that the
// built pages can be looked at without it: node mock/serve.js [port] [folder]
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { answer } from './answers.js';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
  "connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

const [port = '4173', folder = 'dist'] = process.argv.slice(2);

const server = createServer((request, response) => {
  const url = request.url ?? '/';
  if (url.startsWith('/api/v1/')) {
    request.url = url.slice('/api/v1'.length);
    answer(request, response);
    return;
  }
  const path = normalize(decodeURIComponent(new URL(url, 'http://mock').pathname));
  const file = join(folder, path);
  const served = existsSync(file) && statSync(file).isFile() ? file : join(folder, 'index.html');
  response.setHeader('Content-Security-Policy', POLICY);
  response.setHeader('Content-Type', TYPES.get(extname(served)) ?? 'application/octet-stream');
  response.end(readFileSync(served));
});

server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
