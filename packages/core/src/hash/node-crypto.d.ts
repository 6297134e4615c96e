// The one function of Node that this package uses. Declaring it here keeps Node's types, and with them every other
// platform API, out of the compilation.
declare module 'node:crypto' {
  export function hash(algorithm: 'sha256', data: Uint8Array, outputEncoding: 'latin1'): string;
}
