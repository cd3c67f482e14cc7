/** Something that the person at the keyboard can mend: shown without a stack trace. */
export class UserError extends Error {
  override name = 'UserError';
  /**
   * @param problem names the thing and the value
   * @param fix what to do or type
   */
  constructor(problem: string, fix: string) {
    super(`${problem}\n  fix: ${fix}`);
  }
}
