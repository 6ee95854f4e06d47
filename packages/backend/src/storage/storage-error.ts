/** The stable reasons a {@link StorageError} gives. */
export const storageErrorCodes = [
  /** A row with the same unique value is there already. */
  'unique_violation',
  /** A foreign key, `check` or `not null` refused the change. */
  'constraint_violation',
  /** {@link one} found no row. */
  'not_found',
  /** A value no database column can hold was bound; the question is wrong. */
  'unsupported_value',
  /** The database stayed locked, by another process, longer than the engine waits. Trying again later helps. */
  'busy',
  /** The disk is full. Nothing was changed; works again when there is space. */
  'full',
  /** Reading or writing the disk failed. */
  'io_error',
  /** The file is damaged, or is no database. */
  'corrupt',
  /** The file cannot be written by this process. */
  'read_only',
  /** The file cannot be opened or created; the database server refuses this user, or is not what the address says. */
  'cannot_open',
  /** The database server cannot be reached, or the connection to it was lost. Nothing was changed. Trying again later helps. */
  'unavailable',
  /** The connection was lost while a change was being committed: nobody can tell whether it was. Asking tells; trying again blindly does harm. */
  'outcome_unknown',
  /** The database was migrated by a newer version of this program. */
  'schema_newer',
  /** A migration that was applied has another name here, or the list of migrations is out of order. */
  'schema_mismatch',
  /** The engine was closed. */
  'closed',
  /** The database refused a statement for another reason; the question is wrong. */
  'failed',
] as const;

/** One of {@link storageErrorCodes}. */
export type StorageErrorCode = (typeof storageErrorCodes)[number];

/** Thrown by everything in this folder. Its message never holds a value that was stored or bound. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
