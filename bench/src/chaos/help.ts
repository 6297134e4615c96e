export const HELP: string = `usage: npm run chaos -- [options]

Runs "tilewright serve" at its defaults under mixed load (writes and duplicates over HTTP and gRPC, bad requests, clients
that break off, readers of checkpoints, tiles and partials) and injects faults, in an order and for times that the seed
decides: SIGSTOP and SIGCONT, a full disk, a slow disk, clocks that jump by hours, connection resets, malformed clients,
and kill -9 and a new start, alone and in the middle of the others. Half of the time one process lives through all but
kill -9, so that its memory and descriptors can be watched; then many lives follow.

After every fault: the server is ready and writes again within 20 s (30 s after a new start), every answered entry is at
its index under the checkpoint, every duplicate was told the right one, every checkpoint ever seen is consistent with the
log, whatever was never answered is in it once or not at all, no served path has two contents, log fsck is clean. At the
end all of it again from the first entry; memory and descriptors must have stayed flat.

  --minutes N     time of the run, with decimals (default 2); 0 makes only a report
  --seed N        makes the faults repeatable
  --state DIR     goes on with the log that an earlier run left in DIR, or begins one there; an hour is six runs of ten
                  minutes. Without it the log is removed at the end, unless something was found
  --report FILE   writes all runs of DIR as one report: FILE.json and FILE.md
  --json          prints the record of this run as JSON
  --help

A full and a slow disk take an ext4 of the log's own: root, mount namespaces, loop devices, and control groups. Where they
cannot be had the run says so, and with TILEWRIGHT_REQUIRE_ALL=1 fails. The first Ctrl-C ends the run in order, and the
next run goes on from there; the second ends it at once.

Exit status: 0 nothing found; 1 something was lost or broken, and the evidence is in DIR; 2 usage, or a DIR that cannot be
used; 130 ended by Ctrl-C, nothing found.
`;
