/**
 * The log's signed head, as C2SP tlog-checkpoint over C2SP signed-note with Ed25519.
 * Source: docs/specs/log.md section 4.
 */

import { concat, same, sha256, utf8 } from '../envelope/bytes.js';
import * as base64 from './base64.js';
import {
  CannotCheck, CheckpointForged, HistoryEdited, MalformedCheckpoint, ProofBroken, Rollback,
} from './errors.js';
import { verifyConsistency } from './proof.js';
import { HASH_BYTES } from './tree.js';

/**
 * @typedef {import('../envelope/bytes.js').Bytes} Bytes
 * @typedef {{ name: string, public: Bytes }} LogVerifier
 * @typedef {{ name: string, keyId: Bytes, data: Bytes }} NoteSignature
 * @typedef {{ text: string, signatures: NoteSignature[] }} Note
 * @typedef {{ origin: string, size: number, root: Bytes, extensions: string[] }} Checkpoint
 */

const ED25519_TYPE = 1;
const KEY_ID_BYTES = 4;
const MAX_SIGNATURES = 64;
const MAX_NOTE_CHARACTERS = 1_000_000;

/** Four bytes that name the key in a signature line. @param {LogVerifier} log */
export const keyIdOf = async (log) =>
  (await sha256(concat(utf8(`${log.name}\n`), Uint8Array.of(ED25519_TYPE), log.public))).slice(
    0,
    KEY_ID_BYTES,
  );

/** Key from its text `name+keyid+key`. Throws MalformedCheckpoint. @param {string} text */
export async function verifierFromText(text) {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text);
  const key = base64.decode(match?.[3] ?? '=');
  if (!match || key?.length !== HASH_BYTES + 1 || key[0] !== ED25519_TYPE) {
    throw new MalformedCheckpoint('note key: not an Ed25519 key');
  }
  const log = { name: match[1] ?? '', public: key.slice(1) };
  const [a, b, c, d] = await keyIdOf(log);
  const id = new DataView(Uint8Array.of(a ?? 0, b ?? 0, c ?? 0, d ?? 0).buffer).getUint32(0);
  if (id !== Number.parseInt(match[2] ?? '', 16)) {
    throw new MalformedCheckpoint('note key: its id does not fit; copy it again');
  }
  return log;
}

/**
 * Checkpoint of this log, once its signature and origin were found right. Throws
 * MalformedCheckpoint, CheckpointForged, CannotCheck.
 * @param {string} text
 * @param {LogVerifier} log
 * @returns {Promise<Checkpoint>}
 */
export async function verifyCheckpoint(text, log) {
  const note = noteFrom(text);
  await verifyNote(note, log);
  const checkpoint = checkpointFrom(note.text);
  if (checkpoint.origin !== log.name) {
    throw new CheckpointForged('checkpoint: of another log than its key belongs to');
  }
  return checkpoint;
}

/**
 * Return only if the new checkpoint continues the old one. Throws Rollback, HistoryEdited; either is
 * worth an incident report.
 * @param {Checkpoint} old
 * @param {Checkpoint} now
 * @param {Bytes[]} proof
 */
export async function verifyExtends(old, now, proof) {
  if (old.origin !== now.origin) throw new HistoryEdited('checkpoints: of two different logs');
  if (now.size < old.size) throw new Rollback('checkpoint: older than the one seen before');
  const trees = { oldSize: old.size, oldRoot: old.root, size: now.size, root: now.root, proof };
  try {
    await verifyConsistency(trees);
  } catch (cause) {
    if (!(cause instanceof ProofBroken)) throw cause;
    throw new HistoryEdited("checkpoints: the log's history was edited between them", { cause });
  }
}

/** Note from its text. Throws MalformedCheckpoint. @param {string} text @returns {Note} */
export function noteFrom(text) {
  const cut = text.lastIndexOf('\n\n');
  if (text.length > MAX_NOTE_CHARACTERS || cut < 0 || !text.endsWith('\n') || cut + 2 >= text.length) {
    throw new MalformedCheckpoint('note: no signatures after an empty line');
  }
  const body = text.slice(0, cut + 1);
  // eslint-disable-next-line no-control-regex -- a note may hold none of them but the newline
  if (/[\u0000-\u0009\u000b-\u001f]/.test(body)) {
    throw new MalformedCheckpoint('note: the text has control characters');
  }
  const lines = text.slice(cut + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new MalformedCheckpoint('note: too many signatures');
  return { text: body, signatures: lines.map(signatureFrom) };
}

/** @param {string} line @returns {NoteSignature} */
function signatureFrom(line) {
  const match = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line);
  const data = base64.decode(match?.[2] ?? '=');
  if (!match || data === null || data.length <= KEY_ID_BYTES) {
    throw new MalformedCheckpoint('note: a signature line cannot be read');
  }
  return { name: match[1] ?? '', keyId: data.slice(0, KEY_ID_BYTES), data: data.slice(KEY_ID_BYTES) };
}

/** @param {Note} note @param {LogVerifier} log */
async function verifyNote(note, log) {
  const keyId = await keyIdOf(log);
  const mine = note.signatures.filter((s) => s.name === log.name && same(s.keyId, keyId));
  if (!mine.length) {
    throw new CheckpointForged("checkpoint: no signature of the log's key; ask the log again");
  }
  const how = { name: 'Ed25519' };
  const key = await verifyKeyOf(log);
  const text = utf8(note.text);
  const right = await Promise.all(mine.map((s) => crypto.subtle.verify(how, key, s.data, text)));
  if (!right.every(Boolean)) {
    throw new CheckpointForged("checkpoint: the log's signature does not verify; do not use it");
  }
}

/** @param {LogVerifier} log */
async function verifyKeyOf(log) {
  try {
    return await crypto.subtle.importKey('raw', log.public, { name: 'Ed25519' }, false, ['verify']);
  } catch (cause) {
    throw new CannotCheck('checkpoint: this device cannot check it; look with another one', { cause });
  }
}

/** @param {string} body @returns {Checkpoint} */
function checkpointFrom(body) {
  const [origin, size, root, ...extensions] = body.replace(/\n$/, '').split('\n');
  if (!origin || !size || !root || extensions.some((line) => !line)) {
    throw new MalformedCheckpoint('checkpoint: needs origin, size and root, no empty lines');
  }
  const hash = base64.decode(root);
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || hash?.length !== HASH_BYTES) {
    throw new MalformedCheckpoint('checkpoint: the size or the root cannot be read');
  }
  return { origin, size: Number(size), root: hash, extensions };
}
