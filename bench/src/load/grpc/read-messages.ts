import { open } from 'node:fs/promises';
import { grpcFrame } from '../../parity/exchange/protobuf.ts';
import { KEY_DETAILS, specMessage } from '../../parity/rows/entry-spec.ts';

interface RequestJson {
  readonly hashedRekordRequestV002: {
    readonly digest: string;
    readonly signature: {
      readonly content: string;
      readonly verifier: {
        readonly publicKey?: { readonly rawBytes: string };
        readonly x509Certificate?: { readonly rawBytes: string };
      };
    };
  };
}

/** Messages in one piece of memory: hundreds of thousands of objects would make every collection of garbage long. */
export class MessageList {
  readonly #bytes: Buffer;
  readonly #ends: readonly number[];

  constructor(messages: readonly Uint8Array[]) {
    this.#bytes = Buffer.concat(messages);
    let end = 0;
    this.#ends = messages.map((message) => (end += message.length));
  }

  /** The message at an index from 0; undefined behind the last one. */
  at(index: number): Uint8Array | undefined {
    const end = this.#ends[index];
    return end === undefined ? undefined : this.#bytes.subarray(this.#ends[index - 1] ?? 0, end);
  }
}

/** Reads the first `count` lines of a file of HTTP bodies, as gRPC messages of the same requests. */
export async function readMessages(path: string, count: number): Promise<MessageList> {
  const messages: Buffer[] = [];
  const file = await open(path);
  try {
    for await (const line of file.readLines()) {
      messages.push(messageOf(line));
      if (messages.length >= count) break;
    }
  } finally {
    await file.close();
  }
  return new MessageList(messages);
}

/** A request of an HTTP body as gRPC's frame of a CreateEntryRequest. */
export function messageOf(line: string): Buffer {
  const { digest, signature } = (JSON.parse(line) as RequestJson).hashedRekordRequestV002;
  const { publicKey, x509Certificate } = signature.verifier;
  const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
  return grpcFrame(
    specMessage({
      digest: bytes(digest),
      signature: bytes(signature.content),
      ...(publicKey && { publicKey: bytes(publicKey.rawBytes) }),
      ...(x509Certificate && { x509Certificate: bytes(x509Certificate.rawBytes) }),
      keyDetails: KEY_DETAILS.PKIX_ECDSA_P256_SHA_256,
    }),
  );
}
