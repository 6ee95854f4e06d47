/** A failure whose message tells the reader what to do; a stack trace would only hide it. */
export class OneSentenceError extends Error {}

/** Runs a command's main function. Sets the exit code it returns, or 1 after printing what went wrong. */
export async function runCommand(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof OneSentenceError ? error.message : error);
    process.exitCode = 1;
  }
}
