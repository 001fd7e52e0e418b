/** What can be wrong with a file as a whole. Messages name the place and never a value. */

/** The file is refused whole; carries every reason. */
export class FileRefused extends Error {
  /** @param {string[]} reasons */
  constructor(...reasons) {
    super(reasons.join('\n'));
    this.name = new.target.name;
    this.reasons = reasons;
  }
}
