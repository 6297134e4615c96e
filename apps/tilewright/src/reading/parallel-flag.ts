/** How hard the source of a long copy or comparison is asked. */
export const parallelFlag = {
  parallel: {
    type: 'int',
    default: 8,
    min: 1,
    max: 64,
    help: 'How many places of a log are read at a time; an entry bundle of the longest entries takes 16 MiB of memory. Fewer are kinder to a busy server.',
  },
} as const;
