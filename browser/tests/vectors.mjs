/** The shared vectors, and their keys as this language has them. */

import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';

import * as base64url from '../envelope/base64url.js';
import * as keys from '../envelope/keys.js';
import { capabilities, suiteNamed } from '../envelope/suites.js';

const FOLDER = new URL('../../vectors/', import.meta.url);

export const vectors = (name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));

export const hex = (text) => Uint8Array.from(Buffer.from(text, 'hex'));

export const can = await capabilities();

/** Why a case cannot run here: Node 20 has no ML-KEM; Chromium and Node 24 do. */
export const skipFor = (suite) => (can[suite] ? false : `this runtime lacks suite ${suite}`);

const material = vectors('envelope/keys.json');

export async function privateKey(name) {
  const told = material.recipients[name];
  const half = await keys.publicKeyFromJson(suiteNamed(told.suite), told);
  return keys.privateKeyFromBytes(half, base64url.decode(told.encodedPrivateKey, 'vector'));
}

export async function verifyKey(name) {
  const { algorithm, verifyKey: text } = material.signers[name];
  return keys.verifyKeyFromText(algorithm, text);
}

export async function signer(name) {
  const bytes = base64url.decode(material.signers[name].encodedPrivateKey, 'vector');
  return keys.signerFromBytes(await verifyKey(name), bytes);
}

/** The call fails with the error of this name, exactly. */
export async function refuses(call, name) {
  await assert.rejects(call, (error) => {
    assert.equal(error.constructor.name, name, `${error.name}: ${error.message}`);
    return true;
  });
}
