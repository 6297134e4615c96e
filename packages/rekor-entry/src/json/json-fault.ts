/** Where and why ProtoJSON is refused. Never leaves this folder: `decodeJsonRequest` turns it into an EntryError. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';
  /** Offset in the body of the token that is wrong. */
  readonly at: number;
  readonly kind: 'syntax' | 'value';

  constructor(kind: 'syntax' | 'value', at: number, message: string) {
    super(message);
    this.kind = kind;
    this.at = at;
  }
}
