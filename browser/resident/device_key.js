/**
 * A key that only this device holds, for whoever asked for it: IndexedDB keeps it in a form that no
 * script can take out. A convenience: some browsers forget it after a week, and then the code still works.
 */

import { deviceKek } from '../envelope/code.js';

const NAME = 'openregie';
const STORE = 'keys';

/** @returns {Promise<IDBDatabase>} */
function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} act
 * @returns {Promise<any>}
 */
async function inStore(mode, act) {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      const request = act(opened.transaction(STORE, mode).objectStore(STORE));
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error));
    });
  } finally {
    opened.close();
  }
}

/** The key of this mailbox on this device, if there is one. @param {string} mailbox @returns {Promise<CryptoKey | null>} */
export async function deviceKeyOf(mailbox) {
  try {
    return (await inStore('readonly', (store) => store.get(mailbox))) ?? null;
  } catch {
    return null; // private windows may refuse storage: then there simply is no such key
  }
}

/** Make and keep a key for this mailbox. @param {string} mailbox @returns {Promise<CryptoKey>} */
export async function makeDeviceKey(mailbox) {
  const made = await deviceKek();
  await inStore('readwrite', (store) => store.put(made, mailbox));
  return made;
}

/** Forget it. @param {string} mailbox */
export const forgetDeviceKey = (mailbox) =>
  inStore('readwrite', (store) => store.delete(mailbox)).catch(() => null);
