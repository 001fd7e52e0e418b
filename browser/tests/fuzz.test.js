/**
 * Every parser of the browser over changed input: a value, or an error of its own folder that does
 * not repeat the input. The same on every machine; the seeds are the vectors.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as base64url from '../envelope/base64url.js';
import * as code from '../envelope/code.js';
import { EnvelopeError } from '../envelope/errors.js';
import { openSealed } from '../envelope/item.js';
import * as jcs from '../envelope/jcs.js';
import { publicFromJson, unwrapVaultKeys } from '../envelope/vault_keys.js';
import { noteFrom, verifierFromText, verifyCheckpoint } from '../logbook/checkpoint.js';
import { commitOf, openedFrom } from '../logbook/entry.js';
import { LogbookError } from '../logbook/errors.js';
import { proofFromText } from '../logbook/proof.js';
import { checkFile } from '../streams/check.js';
import { DeclarationUnusable, readDeclaration } from '../streams/declaration.js';
import { inMemory } from '../streams/encoding.js';
import { FileRefused } from '../streams/errors.js';
import { privateKey, vectors, verifyKey } from './vectors.mjs';

const CANARY = 'zeehond';
const CHANGES = 300;
const BITS = ['\0', '\ud800', '1e999', '"', '{', '[', '\n', '-', '9'.repeat(30), '\u00ff', CANARY];

/** Numbers from 0 to 1 that are the same every time. */
function chances(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The text with one thing done to it: cut, doubled, spliced, a sign turned, a bit put in. */
function changed(chance, text, other) {
  const place = () => Math.floor(chance() * (text.length + 1));
  const [at, end] = [place(), place()].sort((a, b) => a - b);
  const bit = BITS[Math.floor(chance() * BITS.length)];
  const ways = [
    () => text.slice(0, at) + text.slice(end),
    () => text.slice(0, end) + text.slice(at),
    () => text.slice(0, at) + other.slice(at),
    () => text.slice(0, at) + String.fromCharCode(Math.floor(chance() * 256)) + text.slice(at + 1),
    () => text.slice(0, at) + bit + text.slice(at),
    () => text.slice(0, at) + bit + text.slice(end),
  ];
  return ways[Math.floor(chance() * ways.length)]();
}

/** The value once more for each of its fields, with the canary in that place. */
function* planted(value) {
  yield value;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    for (const one of planted(inner)) yield { ...value, [name]: one };
    yield { ...value, [name]: CANARY };
    yield { ...value, [name]: [CANARY] };
    yield { ...value, [name]: [inner] };
    yield { ...value, [name]: null };
  }
}

const asText = (values) => [...values].map((value) => JSON.stringify(value));
const latin = (text) => Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);
const items = vectors('envelope/item_s0.json').cases.slice(0, 2);
const wraps = vectors('envelope/wraps.json').cases[0];
const checkpoints = vectors('logbook/checkpoint.json');
const entries = vectors('logbook/entry.json');
const files = vectors('streams/files.json');
const [stream, declaration] = Object.entries(files.declarations)[0];
const NOT_JSON = Symbol('not JSON');

/** What the bytes say as JSON; the server's answer is parsed before a parser of ours sees it. */
function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

const ofJson = (read) => async (text) => {
  const value = json(text);
  return value === NOT_JSON ? null : read(value);
};

const PARSERS = {
  jcs: {
    seeds: vectors('envelope/jcs.json').cases.map((c) => c.canonical),
    errors: [EnvelopeError],
    read: (text) => {
      const data = new TextEncoder().encode(text);
      assert.deepEqual(jcs.canonical(jcs.parse(data, 'text')), data);
    },
  },
  base64url: {
    seeds: ['', 'AA', 'AB', 'AAAA=', 'zeehond-_'],
    errors: [EnvelopeError],
    read: (text) => assert.equal(base64url.encode(base64url.decode(text, 'text')), text),
  },
  code: {
    seeds: vectors('envelope/code.json').cases.map((c) => c.typed),
    errors: [EnvelopeError],
    read: async (text) => {
      const secret = await code.secretOf(text);
      assert.deepEqual(await code.secretOf(await code.codeOf(secret)), secret);
    },
  },
  item: {
    seeds: items.flatMap((c) => asText(planted(c.sealed))),
    errors: [EnvelopeError],
    read: ofJson(async (value) =>
      openSealed(value, { key: await privateKey('s0'), verifyKey: await verifyKey('p256') })),
  },
  'vault keys': {
    seeds: asText(planted(wraps.vault)),
    errors: [EnvelopeError],
    read: ofJson(publicFromJson),
  },
  wrap: {
    seeds: asText(planted(wraps.wrap)),
    errors: [EnvelopeError],
    read: ofJson(async (value) =>
      unwrapVaultKeys(await publicFromJson(wraps.vault), value, await code.kek(wraps.code), wraps)),
  },
  checkpoint: {
    seeds: [...checkpoints.cases, ...checkpoints.refused].map((c) => c.text),
    errors: [LogbookError],
    read: async (text) => {
      noteFrom(text);
      await verifyCheckpoint(text, await verifierFromText(checkpoints.vkey));
    },
  },
  'note key': { seeds: [checkpoints.vkey], errors: [LogbookError], read: verifierFromText },
  proof: {
    seeds: vectors('logbook/proof.json').cases.slice(0, 4).map((c) => c.text),
    errors: [LogbookError],
    read: proofFromText,
  },
  entry: {
    seeds: entries.cases.slice(0, 2).flatMap((c) => asText(planted(c.opened))),
    errors: [LogbookError],
    read: ofJson(async (value) => commitOf(openedFrom(value))),
  },
  declaration: {
    seeds: asText(planted(declaration)),
    errors: [DeclarationUnusable],
    read: ofJson(readDeclaration),
  },
  delivery: {
    seeds: files.cases
      .filter((c) => c.stream === stream && c.data.length < 8000)
      .map((c) => Buffer.from(c.data, 'base64').toString('latin1')),
    errors: [FileRefused],
    read: (text) => checkFile(inMemory(latin(text)), readDeclaration(declaration), files.deliveredOn),
  },
};

/** One input: read, or refused with an error of its own that tells nothing of it. */
async function attempt({ read, errors }, text) {
  try {
    await read(text);
    return true;
  } catch (error) {
    if (!errors.some((kind) => error instanceof kind)) throw error;
    assert.ok(!String(error.message).toLowerCase().includes(CANARY), 'an error repeats its input');
    return false;
  }
}

for (const [name, parser] of Object.entries(PARSERS)) {
  test(`fuzz: ${name} reads or refuses its seeds, and changes of them`, async () => {
    const chance = chances(name.length);
    const any = () => parser.seeds[Math.floor(chance() * parser.seeds.length)];
    let read = 0;
    for (const seed of parser.seeds) read += (await attempt(parser, seed)) ? 1 : 0;
    assert.ok(read, 'no seed is read');
    for (let count = 0; count < CHANGES; count += 1) {
      await attempt(parser, changed(chance, changed(chance, any(), any()), any()));
    }
  });
}

test('fuzz: an error that repeats its input, and one of another kind, are found', async () => {
  const refusing = (kind) => ({ read: (text) => { throw new kind(text); }, errors: [FileRefused] });
  await assert.rejects(attempt(refusing(FileRefused), CANARY), /repeats its input/u);
  await assert.rejects(attempt(refusing(TypeError), 'x'), TypeError);
});
