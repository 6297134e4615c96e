declare const brand: unique symbol;

/** `T` that has been checked to mean `B`. Brands stack: a value may carry several. Exists only for the compiler. */
export type Branded<T, B extends string> = T & { readonly [brand]: { readonly [K in B]: true } };
