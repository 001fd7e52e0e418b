// Copies the third-party files that pages load from node_modules to browser/vendor/, and checks each
// byte against browser/vendor.integrity.json. Run by `make setup`; needs no network.
// `node scripts/assemble_vendor.mjs --accept` rewrites that list, after a deliberate upgrade only.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const MODULES = join(ROOT, 'node_modules');
const VENDOR = join(ROOT, 'browser', 'vendor');
const LIST = join(ROOT, 'browser', 'vendor.integrity.json');
const FONT = '@fontsource-variable/source-sans-3/files/source-sans-3';

/** The NL Design System parts in use; the order is the order in the one stylesheet. */
const STYLES = [
  'root', 'document', 'body', 'page-header', 'page-body', 'page-footer', 'skip-link', 'heading-1',
  'heading-2', 'heading-3', 'heading-4', 'paragraph', 'link', 'ordered-list', 'unordered-list', 'icon',
  'button', 'action-group', 'form-field', 'form-label', 'form-field-description',
  'form-field-error-message', 'textbox', 'textarea', 'radio-button', 'custom-checkbox', 'data-list',
  'table', 'status-badge', 'alert',
];

/** @param {string} path */
const read = (path) => readFileSync(join(MODULES, path));

/** Concatenates the style packages; a source map address would be a request for a file we do not ship. */
function stylesheet() {
  const parts = STYLES.map((name) => {
    const css = read(`@utrecht/${name}-css/dist/index.min.css`).toString('utf8');
    return `/* @utrecht/${name}-css */\n${css.replace(/\/\*# sourceMappingURL=.*?\*\//gs, '').trim()}\n`;
  });
  return Buffer.from(`/* NL Design System, EUPL-1.2. Assembled by scripts/assemble_vendor.mjs. */\n${parts.join('')}`);
}

const FILES = new Map([
  ['hpke.js', read('hpke/index.js')],
  ['uqr.js', read('uqr/dist/index.mjs')],
  ['nlds.css', stylesheet()],
  ['source-sans-3-latin.woff2', read(`${FONT}-latin-wght-normal.woff2`)],
  ['source-sans-3-latin-ext.woff2', read(`${FONT}-latin-ext-wght-normal.woff2`)],
]);

/** @param {Buffer} bytes */
const digest = (bytes) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`;

const found = Object.fromEntries([...FILES].map(([name, bytes]) => [name, digest(bytes)]));
if (process.argv.includes('--accept')) {
  writeFileSync(LIST, `${JSON.stringify(found, null, 2)}\n`);
}
const wanted = JSON.parse(readFileSync(LIST, 'utf8'));
const wrong = Object.keys({ ...wanted, ...found }).filter((name) => wanted[name] !== found[name]);
if (wrong.length > 0) {
  console.error(
    `vendor: ${wrong.join(', ')} is not the file that browser/vendor.integrity.json names; run \`npm ci\`, ` +
      'or read the changes and accept them with `node scripts/assemble_vendor.mjs --accept`',
  );
  process.exit(1);
}
rmSync(VENDOR, { recursive: true, force: true });
mkdirSync(VENDOR, { recursive: true });
for (const [name, bytes] of FILES) writeFileSync(join(VENDOR, name), bytes);
console.log(`vendor: ${FILES.size} files, each as listed`);
