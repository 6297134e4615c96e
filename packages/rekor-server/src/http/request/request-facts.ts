import type { IncomingMessage } from 'node:http';
import { base64FaultAt } from '../../encoding/base64-fault.ts';

/** What the server wants to know of a request's headers, from one pass over them. */
export interface RequestFacts {
  /** Bytes of the request as Prometheus' HTTP instrumentation estimates them: target, method, headers, declared body. */
  readonly size: number;
  /** How many `Host` headers there are. */
  readonly hosts: number;
  /** Declared length of the body; `undefined` when it is chunked. */
  readonly bodyBytes: number | undefined;
  readonly grpcTimeout: string | undefined;
  /** What is wrong with a `Grpc-Metadata-*-Bin` header, in the words of grpc-gateway. */
  readonly metadataFault: string | undefined;
  /** The method, or what `X-HTTP-Method-Override` of a posted form puts in its place (grpc-gateway). */
  readonly method: string;
  /** The body is declared to be a form. */
  readonly isForm: boolean;
}

const PROTOCOL_BYTES = 'HTTP/1.1'.length;
const FORM = 'application/x-www-form-urlencoded';
const METADATA = 'grpc-metadata-';

/** `grpc-metadata-foo-bin` as Go writes header names: `Grpc-Metadata-Foo-Bin`. */
function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

function binaryFault(name: string, value: string): string | undefined {
  const lower = name.toLowerCase();
  if (!lower.startsWith(METADATA) || !lower.endsWith('-bin')) return undefined;
  const at = base64FaultAt(value);
  if (at === undefined) return undefined;
  return `invalid binary header ${canonicalName(name)}: illegal base64 data at input byte ${at}`;
}

/** Reads the headers of a request, once, without building the object of all of them. */
export function readFacts(request: IncomingMessage): RequestFacts {
  const { rawHeaders, url = '', method = '' } = request;
  let size = url.length + method.length + PROTOCOL_BYTES;
  let hosts = 0;
  let bodyBytes: number | undefined = 0;
  let grpcTimeout: string | undefined;
  let metadataFault: string | undefined;
  let override: string | undefined;
  let isForm = false;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    size += name.length + value.length;
    // Lengths first: most headers of most requests are none of these.
    switch (name.length) {
      case 4:
        if (name.toLowerCase() !== 'host') break;
        hosts += 1;
        size -= name.length;
        break;
      case 12: {
        const lower = name.toLowerCase();
        if (lower === 'grpc-timeout') grpcTimeout ??= value;
        else if (lower === 'content-type') isForm = value === FORM;
        break;
      }
      case 14:
        if (name.toLowerCase() === 'content-length') bodyBytes = Number(value);
        break;
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') bodyBytes = undefined;
        break;
      case 22:
        if (name.toLowerCase() === 'x-http-method-override') override = value.toUpperCase();
        break;
    }
    if (name.length > METADATA.length) metadataFault ??= binaryFault(name, value);
  }
  return {
    size: size + (bodyBytes ?? 0),
    hosts,
    bodyBytes,
    grpcTimeout,
    metadataFault,
    method: method === 'POST' && isForm && override !== undefined ? override : method,
    isForm,
  };
}
