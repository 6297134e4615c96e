import type { MemoryStore } from '@tilewright/store-memory';

/** A gate in front of a store: while it is closed, nothing is sequenced. */
export interface Gate {
  open(): void;
  close(): void;
}

/** `store` whose appends wait while the gate is closed. */
export function gatedStore(store: MemoryStore): { readonly store: MemoryStore; readonly gate: Gate } {
  let waiting: (() => void)[] = [];
  let isOpen = true;
  const sequence = new Proxy(store.sequence, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'append') return value.bind(target);
      return async (...args: Parameters<typeof target.append>) => {
        if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
        return target.append(...args);
      };
    },
  });
  return {
    store: { ...store, sequence },
    gate: {
      open() {
        isOpen = true;
        for (const go of waiting) go();
        waiting = [];
      },
      close() {
        isOpen = false;
      },
    },
  };
}
