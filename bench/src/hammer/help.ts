/** What `--help` prints. */
export const HELP = `usage: npm run hammer -- <url> --vkey KEY [options]

Loads a tlog-tiles log and checks what it reads: a log of raw entries (POST /add, as tilewright serve --personality raw and
the personalities of Tessera) or a Rekor v2 log. Every answered index is compared with the entry that the log shows there,
every checkpoint is verified and compared with the entries below it, so that each continues the one before, and none may be
smaller than one before. Entries stay in the log: use one that is for tests.

  --vkey KEY              the log's verifier key, <origin>+<8 hex>+<base64>; or
  --vkey-file FILE        a file that holds it
  --kind raw|rekor        what the server takes (default: finds out)
  --read-url URL          where checkpoint and tiles are, if elsewhere
  --writers N             writes under way at a time, each on a connection of its own; 0 to only read (default 64)
  --random-readers N      readers of entries anywhere, with their proofs (default 2)
  --full-readers N        readers of the whole log, from its first entry, over and over (default 1)
  --write-rate N          writes a second at most; then latency is also told since a write was due (default: no limit)
  --read-rate N           GETs a second of all readers together; 0 for no limit (default 100)
  --leaf-size N           bytes of a raw entry, 16 to 65535 (default 1024)
  --duplicate-chance N    share of writes, 0 to 1, that repeat one of the last 256 (default 0)
  --goal N                stop after so many accepted writes (default 1000000 raw, 20000 rekor, at most 10000000)
  --max-runtime TIME      stop writing after this time: 90, 90s or 15m, at most 24h (default 30s)
  --settle TIME           then wait so long for a checkpoint that covers every answer (default 30s)
  --evidence FOLDER       where a violation is written (default: bench/data/hammer-<time>)
  --json                  print the result as JSON
  --i-own-this-server     load a server that is not on this machine
  --help

One entry is written before the others, to see whether the log takes any. Requests to Rekor are signed before the clock
starts, each with a P-256 key of its own, every second one in a certificate. Answers 429, 502, 503 and 504 are pushbacks: the
same entry is sent again after Retry-After. Time to integrate goes from sending a write to reading the first checkpoint that
covers it; the checkpoint is read about every 10 ms. While it runs, progress goes to stderr.

Exit status: 0 goal or time reached, and every check held; 1 a check failed, with the evidence in files; 2 usage, or nothing
there that can be loaded: no server, one of another kind, a frozen log, another log than the key's, another machine.
`;
