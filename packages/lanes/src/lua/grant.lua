#!lua flags=allow-oom
-- Grants calls to the most urgent chats that are due, as far as the bot's window, its spacing and the chats' gates
-- have room.
-- KEYS  1 the bot's base
-- ARGV  1 token of the pump  2 bot's calls per second  3 most grants  4 prefix of the grants' ids
--       5 chat per second  6 chat burst  7 group per minute  8 ms that an unanswered call counts
-- Returns {'lost'} | {'granted', ms until asking again is worth it ('' = when told), '1' where only time can change
--         the answer, chat, class, grant id, …}
-- Race closed: two pumps, or a pump that was replaced, never grant from one window at once. A call that the client sends
-- again after a lost answer (its prefix is the last one's) gets the same grants: others would leave the first chats in
-- flight for nobody.
-- @include gates.lua
local b, limit, most, unansweredMs = KEYS[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[8])
if redis.call('GET', b .. ':pump') ~= ARGV[1] then return { 'lost' } end
local limits = { chatPerSecond = tonumber(ARGV[5]), chatBurst = tonumber(ARGV[6]), groupPerMinute = tonumber(ARGV[7]) }
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + tonumber(t[2]) / 1000
local spacing = redis.call('GET', b .. ':spacing') or '0||'
local spacedText, lastPrefix, lastGranted = string.match(spacing, '^([^|]*)|([^|]*)|(.*)$')
if lastPrefix == ARGV[4] then
  local again = { 'granted', '', '' }
  for part in string.gmatch(lastGranted, '[^,]+') do again[#again + 1] = part end
  return again
end
local paused = redis.call('PTTL', b .. ':pause')
if paused > 0 then return { 'granted', tostring(paused), '1' } end

redis.call('ZREMRANGEBYSCORE', b .. ':window', '-inf', now - 1000)
local room = math.max(1, math.floor(limit)) - redis.call('ZCARD', b .. ':window')
local spacedUntil = tonumber(spacedText)
local gapMs, catchUpMs = 1000 / limit, 5
local answer, wait, granted, looked = { 'granted', '', '' }, nil, 0, 0
local class = 0
while granted < most and looked < 256 do
  looked = looked + 1
  if room <= 0 then
    local oldest = tonumber(redis.call('ZRANGE', b .. ':window', 0, 0, 'WITHSCORES')[2])
    wait = math.max(1, math.min(oldest + 1000 - now, 20))
    answer[3] = '1'
    break
  end
  if spacedUntil > now then
    wait = spacedUntil - now
    answer[3] = '1'
    break
  end
  local chat
  while class <= 3 do
    chat = redis.call('ZRANGEBYSCORE', b .. ':ready:' .. class, '-inf', now, 'LIMIT', 0, 1)[1]
    if chat then break end
    class = class + 1
  end
  if not chat then
    for c = 0, 3 do
      local first = redis.call('ZRANGE', b .. ':ready:' .. c, 0, 0, 'WITHSCORES')
      if first[2] then wait = math.min(wait or 1000, math.max(1, tonumber(first[2]) - now)) end
    end
    break
  end
  local closedMs, tokens = gateMs(b, chat, limits, now)
  if closedMs > 0 then
    redis.call('ZADD', b .. ':ready:' .. class, now + closedMs, chat)
  else
    granted = granted + 1
    local grant = ARGV[4] .. granted
    redis.call('ZREM', b .. ':ready:' .. class, chat)
    redis.call('HSET', b .. ':where', chat, 'F' .. class .. '|' .. grant .. '|-')
    redis.call('SADD', b .. ':flights', chat)
    redis.call('ZADD', b .. ':window', now + unansweredMs, grant)
    enter(b, chat, grant, limits, now, unansweredMs, tokens)
    spacedUntil = math.max(spacedUntil, now - catchUpMs) + gapMs
    room = room - 1
    answer[#answer + 1] = chat
    answer[#answer + 1] = tostring(class)
    answer[#answer + 1] = grant
  end
end
if looked >= 256 and not wait then wait = 1 end
if granted > 0 then
  local memory = string.format('%.3f', spacedUntil) .. '|' .. ARGV[4] .. '|' .. table.concat(answer, ',', 4)
  redis.call('SET', b .. ':spacing', memory, 'PX', math.ceil(math.max(60000, 2 * gapMs)))
end
if wait then answer[2] = string.format('%.3f', wait) end
return answer
