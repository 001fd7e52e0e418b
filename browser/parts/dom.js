/** Builds elements from text. Nothing here ever parses HTML, so that Trusted Types can refuse all of it. */

const SVG = 'http://www.w3.org/2000/svg';
const SPRITE = new URL('../assets/icons.svg', import.meta.url).pathname;
const SAFE_HREF = /^(?:#|\/(?!\/)|tel:|https:\/\/|http:\/\/localhost[:/])/;

/** @typedef {Node | string | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>} Attributes */

/**
 * One HTML element. Attributes whose value is false, null or undefined are left out; `onclick` and the
 * like take a function; an address that is not ours, a phone number or a web page is refused.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) setAttribute(node, key, value);
  node.append(...present(children));
  return node;
}

/**
 * @param {HTMLElement} node
 * @param {string} key
 * @param {Attributes[string]} value
 */
function setAttribute(node, key, value) {
  if (value === false || value === null || value === undefined) return;
  if (typeof value === 'function') {
    node.addEventListener(key.slice(2), value);
    return;
  }
  if (key === 'style' || key === 'srcdoc' || key.startsWith('on')) {
    throw new TypeError(`attribute \`${key}\` is not allowed; use a class or a function`);
  }
  if (key === 'href' && !SAFE_HREF.test(String(value))) {
    throw new TypeError('attribute `href` must start with #, /, tel: or https://');
  }
  node.setAttribute(key, value === true ? '' : String(value));
}

/**
 * @param {(Child | Child[])[]} children
 * @returns {(Node | string)[]}
 */
function present(children) {
  /** @type {(Node | string)[]} */
  const kept = [];
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false && child !== '') kept.push(child);
  }
  return kept;
}

/** Whether an address from an item may become a link. @param {unknown} href */
export function isSafeHref(href) {
  return typeof href === 'string' && SAFE_HREF.test(href);
}

/**
 * One icon of assets/icons.svg; always beside text, so hidden from a screen reader.
 * @param {string} name
 * @param {string} [more] extra classes
 */
export function icon(name, more = '') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `utrecht-icon or-icon ${more}`.trim());
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * One SVG element.
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {...Node} children
 */
export function svg(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/**
 * Text with **strong** parts, as nodes.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function rich(text) {
  return text
    .split('**')
    .map((part, index) => (index % 2 ? el('strong', {}, part) : part))
    .filter((part) => part !== '');
}

/**
 * An element that must be on the page.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page has no element #${id}; its template and script differ`);
  return node;
}
