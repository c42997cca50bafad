#!lua flags=allow-oom
-- Tells which models may be asked now, and makes the request the probe of what is to be tried again.
-- KEYS  1 the breakers' base. Of each subject (account, model:<id>): <base>:<subject> (hash: until, pauseMs, code,
--       probe, probeUntil), there while its breaker is open; <base>:pause is there while the account is paused
-- ARGV  1 id of the request, '' to look only  2 ms that a probe has for its first word  3… ids of the models, the wanted
--       one first
-- Returns {'held', code, ms until asking again is worth it, '1' where a pause ends by itself} | {'entered', model, …}
-- Race closed: of all requests that find a breaker's pause over, one is the probe; the others are held until it is known
-- how that went, or the probe has had its time. A call that the client sends again finds the probe its own.
local base, id, probeMs = KEYS[1], ARGV[1], tonumber(ARGV[2])
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)

local paused = redis.call('PTTL', base .. ':pause')
if paused > 0 then return { 'held', redis.call('GET', base .. ':pause'), paused, '1' } end

-- 'closed' | 'probe' | 'open', code, ms
local function look(subject)
  local hash = redis.call('HMGET', base .. ':' .. subject, 'until', 'code', 'probe', 'probeUntil')
  if not hash[1] then return 'closed' end
  local openMs = tonumber(hash[1]) - now
  if openMs > 0 then return 'open', hash[2], openMs end
  local probing = tonumber(hash[4] or '0') - now
  if hash[3] and hash[3] ~= id and probing > 0 then return 'open', hash[2], math.min(probing, 1000) end
  return 'probe'
end
local function probe(subject)
  if id ~= '' then
    redis.call('HSET', base .. ':' .. subject, 'probe', id, 'probeUntil', string.format('%.0f', now + probeMs))
  end
end

local account, accountCode, accountMs = look('account')
if account == 'open' then return { 'held', accountCode, accountMs, '' } end
local answer, probed, firstCode, firstMs = { 'entered' }, nil, nil, nil
for i = 3, #ARGV do
  local state, code, ms = look('model:' .. ARGV[i])
  if state == 'closed' then
    answer[#answer + 1] = ARGV[i]
  elseif state == 'probe' and #answer == 1 then
    answer[2] = ARGV[i]
    probed = ARGV[i]
  elseif state == 'open' and not firstCode then
    firstCode, firstMs = code, ms
  end
end
if #answer == 1 then return { 'held', firstCode, firstMs, '' } end
if account == 'probe' then probe('account') end
if probed then probe('model:' .. probed) end
return answer
