/** The device as key: a passkey whose PRF gives a secret that nobody else can make. WebAuthn level 3. */

import { CONFIG } from '../parts/page.js';

const SALT = new TextEncoder().encode('openregie/v1/prf');

/** The device has no passkey that can make a secret, or its user said no. */
export class NoPasskey extends Error {}

/** Whether this device can probably do it. @returns {Promise<boolean>} */
export async function canUsePasskey() {
  if (!('PublicKeyCredential' in window)) return false;
  try {
    return await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
  } catch {
    return false;
  }
}

/** @param {Uint8Array} bytes */
const toText = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

/** @param {string} text */
const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));

/**
 * Make a passkey. Its name says nothing about what it opens.
 * @returns {Promise<{ credential: string, secret: Uint8Array<ArrayBuffer> }>}
 */
export async function makePasskey() {
  const made = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { id: window.location.hostname, name: CONFIG.tenantName },
        user: { id: crypto.getRandomValues(new Uint8Array(16)), name: CONFIG.tenantName, displayName: CONFIG.tenantName },
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }, { type: 'public-key', alg: -257 }],
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        extensions: { prf: { eval: { first: SALT } } },
      },
    }),
  );
  const credential = toText(new Uint8Array(made.rawId));
  const secret = secretOf(made);
  return secret ? { credential, secret } : usePasskey([credential]);
}

/**
 * The secret of one of the passkeys made before: whichever this device has.
 * @param {string[]} credentials
 * @returns {Promise<{ credential: string, secret: Uint8Array<ArrayBuffer> }>}
 */
export async function usePasskey(credentials) {
  const used = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        rpId: window.location.hostname,
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        allowCredentials: credentials.map((id) => ({ type: 'public-key', id: toBytes(id) })),
        userVerification: 'required',
        extensions: { prf: { eval: { first: SALT } } },
      },
    }),
  );
  const secret = secretOf(used);
  if (!secret) throw new NoPasskey('the device makes no secret');
  return { credential: toText(new Uint8Array(used.rawId)), secret };
}

/**
 * @param {() => Promise<Credential | null>} request
 * @returns {Promise<PublicKeyCredential>}
 */
async function ask(request) {
  try {
    const answer = await request();
    if (answer instanceof PublicKeyCredential) return answer;
  } catch (error) {
    throw new NoPasskey('the device said no', { cause: error });
  }
  throw new NoPasskey('the device gave no passkey');
}

/** @param {PublicKeyCredential} credential @returns {Uint8Array<ArrayBuffer> | null} */
function secretOf(credential) {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (!first) return null;
  const view = first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
  return new Uint8Array(view);
}
