// A constant rate, and nothing else, for long: what it is to show is in the plots.
export { handleSummary, options, write } from './arrival.ts';
