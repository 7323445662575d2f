/** What ends the command with a message and an exit code: said to a person, without a stack. */
export class CommandFault extends Error {
  override name = 'CommandFault';
  constructor(
    message: string,
    readonly exitCode = 1
  ) {
    super(message);
  }
}
