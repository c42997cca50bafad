#!lua flags=allow-oom
-- Notes how a request went, and opens and closes the breakers that this concerns.
-- KEYS  1 the breakers' base (breaker-enter.lua); <base>:<subject>:faults (set of requests by time) has the faults since
--       the last good word, <base>:open (set of subjects by the time until which they are worth showing) is for the
--       operator
-- ARGV  1 id of the request  2 ms that a fault counts  3 first pause ms  4 longest pause ms  5 ms that an open breaker is
--       kept when nobody asks any more
--       6… four for each subject: its name, 'ok' | 'fault' | 'pause' | 'none', the fault's code, and how many faults open
--       its breaker ('pause': for how many ms)
-- Returns {subject, 'opened' | 'closed' | 'paused', ms, …}: what has changed
-- Race closed: late faults of requests that were sent before a breaker opened do not prolong its pause; only its probe
-- does. A call that the client sends again counts no second fault.
local base, id = KEYS[1], ARGV[1]
local windowMs, firstMs, longestMs, keptMs = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local changed = {}
local function tell(subject, what, ms)
  changed[#changed + 1] = subject
  changed[#changed + 1] = what
  changed[#changed + 1] = ms
end
local function show(subject, ms)
  redis.call('ZADD', base .. ':open', string.format('%.0f', now + ms), subject)
end
local function open(subject, code, pauseMs)
  local key = base .. ':' .. subject
  redis.call('HSET', key, 'until', string.format('%.0f', now + pauseMs), 'pauseMs', pauseMs, 'code', code)
  redis.call('HDEL', key, 'probe', 'probeUntil')
  redis.call('PEXPIRE', key, pauseMs + keptMs)
  redis.call('DEL', key .. ':faults')
  show(subject, pauseMs + keptMs)
end

for i = 6, #ARGV, 4 do
  local subject, verdict, code, most = ARGV[i], ARGV[i + 1], ARGV[i + 2], tonumber(ARGV[i + 3])
  local key = base .. ':' .. subject
  local state = redis.call('HMGET', key, 'until', 'pauseMs', 'probe')
  local isProbe = state[3] == id
  if verdict == 'ok' then
    redis.call('DEL', key .. ':faults')
    if state[1] then
      redis.call('DEL', key)
      redis.call('ZREM', base .. ':open', subject)
      tell(subject, 'closed', 0)
    end
  elseif verdict == 'none' then
    if isProbe then redis.call('HDEL', key, 'probe', 'probeUntil') end
  elseif verdict == 'pause' then
    local left = redis.call('PTTL', base .. ':pause')
    if left < most then redis.call('SET', base .. ':pause', code, 'PX', most) end
    if left <= 0 then tell(subject, 'paused', most) end
    show('pause', math.max(left, most))
  elseif isProbe then
    open(subject, code, math.min(longestMs, tonumber(state[2]) * 2))
  elseif not state[1] then
    local faults = key .. ':faults'
    redis.call('ZREMRANGEBYSCORE', faults, '-inf', now - windowMs)
    redis.call('ZADD', faults, now, id)
    redis.call('PEXPIRE', faults, windowMs)
    if redis.call('ZCARD', faults) >= most then
      open(subject, code, firstMs)
      tell(subject, 'opened', firstMs)
    end
  end
end
return changed
