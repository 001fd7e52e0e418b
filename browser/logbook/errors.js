/**
 * What can go wrong with the log: one class for each thing that happened, with the same names as in
 * Python. Messages name the place and the remedy and never a value.
 */

/** Base of every error of this folder. */
export class LogbookError extends Error {
  /** @param {string} message @param {ErrorOptions} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An entry, a leaf or its salt does not have the form it should have. */
export class MalformedEntry extends LogbookError {}
/** An entry and its salt do not give the commitment that stands in the log. */
export class CommitmentBroken extends LogbookError {}
/** A resident's entries have a gap, a double number or a wrong previous commitment. */
export class ChainBroken extends LogbookError {}
/** A proof does not lead from leaf to root, or from the old root to the new one. */
export class ProofBroken extends LogbookError {}
/** A proof text cannot be read. */
export class MalformedProof extends LogbookError {}
/** A checkpoint, key or note cannot be read. */
export class MalformedCheckpoint extends LogbookError {}
/** A checkpoint is not signed by the log's key, or one such signature is wrong. */
export class CheckpointForged extends LogbookError {}
/** This device lacks Ed25519, so that nothing is known about the checkpoint either way. */
export class CannotCheck extends LogbookError {}
/** A checkpoint is older than one that was seen before. */
export class Rollback extends LogbookError {}
/** Two checkpoints of one log cannot both be true. */
export class HistoryEdited extends LogbookError {}
