-- Sends each prepared request of a file once: one JSON body a line, never the same line twice.
-- Arguments after `--`: the file, how many lines earlier runs on this log used up, and `lone` when there is one
-- connection: latencies then are those of 201 answers alone (wrk's own count every answer, and a server that fails
-- fast would look quick).
-- Between the first request and the last answer lie the active seconds, however long wrk ran.
-- Prints one line `RESULT {json}` at the end.

local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } tw_time; int clock_gettime(int, tw_time *);")
local clock = ffi.new("tw_time")

local function now_ms()
  ffi.C.clock_gettime(1, clock)
  return tonumber(clock.s) * 1e3 + tonumber(clock.ns) / 1e6
end

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  bodies = assert(io.open(args[1], "rb"))
  used = tonumber(args[2] or "0")
  lone = args[3] == "lone"
  accepted_ms = {}
  for _ = 1, used do bodies:read("*l") end
  exhausted = 0
  statuses = {}
  status_list = ""
  head = "POST /api/v2/log/entries HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
  local body = bodies:read("*l")
  if body == nil then
    exhausted = exhausted + 1
    return "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
  end
  used = used + 1
  sent_at = now_ms()
  first_ms = first_ms or sent_at
  return head .. #body .. "\r\n\r\n" .. body
end

function response(status)
  last_ms = now_ms()
  if lone and status == 201 then table.insert(accepted_ms, last_ms - sent_at) end
  if statuses[status] == nil then
    statuses[status] = 0
    status_list = status_list == "" and tostring(status) or status_list .. "," .. status
  end
  statuses[status] = statuses[status] + 1
  -- done() runs in another Lua state and can read globals only.
  _G["status_" .. status] = statuses[status]
end

-- p50, p95, p99 and the maximum, in milliseconds.
local function percentiles(thread, latency)
  if not thread:get("lone") then
    return latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3
  end
  local times = thread:get("accepted_ms")
  table.sort(times)
  local function at(fraction) return times[math.max(1, math.ceil(#times * fraction))] or 0 end
  return at(0.5), at(0.95), at(0.99), at(1)
end

function done(summary, latency)
  local thread = threads[1]
  local p50, p95, p99, max = percentiles(thread, latency)
  local active_ms = (thread:get("last_ms") or 0) - (thread:get("first_ms") or 0)
  local counts = {}
  for status in string.gmatch(thread:get("status_list"), "%d+") do
    table.insert(counts, string.format('"%s":%d', status, thread:get("status_" .. status)))
  end
  io.write(string.format(
    'RESULT {"seconds":%.3f,"activeSeconds":%.3f,"p50":%.3f,"p95":%.3f,"p99":%.3f,"max":%.3f,"used":%d,"exhausted":%d,' ..
      '"connectErrors":%d,"readErrors":%d,"writeErrors":%d,"timeouts":%d,"statuses":{%s}}\n',
    summary.duration / 1e6, active_ms / 1e3, p50, p95, p99, max, thread:get("used"), thread:get("exhausted"),
    summary.errors.connect, summary.errors.read, summary.errors.write, summary.errors.timeout,
    table.concat(counts, ",")))
end
