// Writes the files of a folder into a C++ source file that holds them as they are and compressed
// (src/serve/web_files.h).
//
//   node embed_web.mjs FOLDER OUTPUT
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const contentTypes = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const [folder, output] = process.argv.slice(2).map((path) => resolve(path));
const packed = join(dirname(output), 'web_files');
mkdirSync(packed, { recursive: true });

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length))
  .filter((path) => !path.startsWith('/.'))
  .sort();

const blobs = [];
const entries = [];
files.forEach((path, index) => {
  const bytes = readFileSync(join(folder, path));
  const gzip = gzipSync(bytes, { level: 9 });
  const useGzip = gzip.length < bytes.length * 0.95;
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const type = contentTypes[extname(path)];
  if (type === undefined) throw new Error(`no content type is known for ${path}`);
  const embed = (name, content) => {
    const file = join(packed, name);
    writeFileSync(file, content);
    blobs.push({ name, file });
    return `View(${name}_begin, ${name}_end)`;
  };
  const plain = embed(`file_${index}`, bytes);
  const compressed = useGzip ? embed(`file_${index}_gzip`, gzip) : '{}';
  const immutable = path.startsWith('/assets/');
  entries.push(
    `      {"${path}", "${type}", "\\"${digest}\\"", ${immutable}, ${plain}, ${compressed}},`,
  );
});

const assembly = blobs
  .map(({ name, file }) => `    "${name}_begin: .incbin \\"${file}\\"\\n${name}_end: .byte 0\\n"`)
  .join('\n');
const symbols = blobs
  .map(({ name }) => `extern const char ${name}_begin[] asm("${name}_begin");
extern const char ${name}_end[] asm("${name}_end");`)
  .join('\n');

writeFileSync(
  output,
  `#include "web_files.h"

asm(".section .rodata\\n"
${assembly}
    ".previous\\n");

${symbols}

namespace medallion::serve {
namespace {

std::string_view View(const char* begin, const char* end) {
  return {begin, static_cast<size_t>(end - begin)};
}

}  // namespace

std::span<const WebFile> WebFiles() {
  static const WebFile kFiles[] = {
${entries.join('\n')}
  };
  return kFiles;
}

}  // namespace medallion::serve
`,
);
