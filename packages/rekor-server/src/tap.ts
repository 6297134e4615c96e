/** Sees whole request and answer bodies; there only when the operator asked for them. */
export type Tap = (direction: 'received' | 'sent', body: Uint8Array | string, traceId: string) => void;
