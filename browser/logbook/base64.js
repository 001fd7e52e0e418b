/** Standard base64 with padding (RFC 4648 section 4), strict: what C2SP formats use. */

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** Text of the bytes. @param {Uint8Array} data */
export const encode = (data) => btoa(String.fromCharCode(...data));

/** Bytes of the text; null when it is not base64 or not its only spelling. @param {string} text */
export function decode(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) return null;
  const data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return encode(data) === text ? data : null;
}
