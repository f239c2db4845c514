-- For wrk: creates groups, no two of the same name. Environment: GROUPLOAD_WRK_AUTHORIZATION (the header's value) and
-- GROUPLOAD_WRK_PREFIX (begins each name; another for each run). The last line of the output holds the figures to read.
local prefix = os.getenv("GROUPLOAD_WRK_PREFIX") or tostring(os.time())
local threads = {}

function setup(thread)
  thread:set("number", #threads + 1)
  table.insert(threads, thread)
end

function init(args)
  sent = 0
  wrk.method = "POST"
  wrk.path = "/api_gateway/core/v1/group/create"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = os.getenv("GROUPLOAD_WRK_AUTHORIZATION")
end

function request()
  sent = sent + 1
  local body = string.format('{"name":"%s %d-%09d","rank":%d}', prefix, number, sent, sent % 1000)
  return wrk.format(nil, nil, nil, body)
end

-- No `response`: to call Lua for each would slow wrk by a quarter. It counts those of status 400 and above itself, and
-- the benchmarks' servers redirect nothing.
function done(summary, latency, requests)
  local total = summary.requests - summary.errors.status
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  print(string.format("figures created=%d responses=%d errors=%d persecond=%.0f", total, summary.requests, errors,
    total / (summary.duration / 1000000)))
end
