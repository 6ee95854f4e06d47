/** An answer that is not what it has to be: what was measured along with it is worth nothing. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';
}
