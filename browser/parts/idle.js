/** After a quarter of an hour of doing nothing, what is open closes. */

export const IDLE_MS = 15 * 60 * 1000;
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchmove'];
const LOOK_EVERY_MS = 5000;

/**
 * Call `close` once when nobody did anything for a quarter of an hour; also when a sleeping device wakes.
 * @param {() => void} close
 * @param {{ clock?: () => number, idleMs?: number }} [options]
 * @returns {() => void} stops watching
 */
export function watchIdle(close, { clock = Date.now, idleMs = IDLE_MS } = {}) {
  let last = clock();
  const touch = () => {
    if (clock() - last < idleMs) last = clock();
  };
  const look = () => {
    if (clock() - last >= idleMs) {
      stop();
      close();
    }
  };
  const timer = window.setInterval(look, LOOK_EVERY_MS);
  const stop = () => {
    window.clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
    for (const sign of SIGNS) window.removeEventListener(sign, touch);
  };
  document.addEventListener('visibilitychange', look);
  for (const sign of SIGNS) window.addEventListener(sign, touch, { passive: true });
  return stop;
}
