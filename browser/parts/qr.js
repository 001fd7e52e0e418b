/** A QR code as SVG elements, drawn here so that a code never leaves the device to become a picture. */

import { encode } from 'uqr';
import { svg } from './dom.js';

/**
 * @param {string} text
 * @param {string} title what a screen reader says
 */
export function qrCode(text, title) {
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const dark = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  const name = svg('title', {});
  name.textContent = title;
  return svg(
    'svg',
    { viewBox: `0 0 ${size} ${size}`, role: 'img', 'shape-rendering': 'crispEdges' },
    name,
    svg('path', { d: dark, fill: '#111' }),
  );
}
