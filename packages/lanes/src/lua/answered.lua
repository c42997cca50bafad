#!lua flags=allow-oom
-- Ends a grant: stamps the windows with the time of the answer and readies the chat again where more waits.
-- KEYS  1 the bot's base
-- ARGV  1 grant id  2 chat  3 class of the outbox's next head, 'x' and its items where several ('' = none)  4 ms to
--       hold the chat  5 ms of a 429's retry_after (0 = none)  6 '1' where a request went out  7 chat per second
--       8 chat burst  9 group per minute  10 chats that must have had a 429 within a second to pause the bot
--       11 bot's calls per second  12 ms that the call took  13 ms from which on a call is slow  14 ms since its answer
-- Returns 1, or 0 where the chat's flight is no longer this grant.
-- Race closed: a delivery that came while the call was under way is not forgotten, whichever of the two is noted first.
-- @include clock.lua
-- @include gates.lua
-- @include rate.lua
local b, grant, chat, next = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local limits = { chatPerSecond = tonumber(ARGV[7]), chatBurst = tonumber(ARGV[8]), groupPerMinute = tonumber(ARGV[9]) }
local limit = tonumber(ARGV[11])
-- One ms later than it is: a stamp rounded down would open the window too early.
local now, floodMs, used = clockMs() + 1, tonumber(ARGV[5]), ARGV[6] == '1'
-- The answer is older than this call: what was noted before it must not cost the windows time.
local answeredAt = now - tonumber(ARGV[14])
-- A grant lies in the bot's window or in the one of paid broadcasts, whose pace is not the bot's.
local isPaid = redis.call('ZSCORE', b .. ':paidwindow', grant)
for _, window in ipairs({ b .. ':window', b .. ':paidwindow' }) do
  eachEntry(grant, function(entry)
    if used then redis.call('ZADD', window, 'XX', answeredAt, entry) else redis.call('ZREM', window, entry) end
  end)
end
-- So many chats within so long mean the bot, fewer mean themselves.
local function isBotWide(sign, withinMs)
  redis.call('ZREMRANGEBYSCORE', sign, '-inf', now - withinMs)
  redis.call('ZADD', sign, now, chat)
  redis.call('PEXPIRE', sign, withinMs + 1000)
  return redis.call('ZCARD', sign) >= tonumber(ARGV[10])
end
if floodMs > 0 then
  local frozen = b .. ':frozen:' .. chat
  if redis.call('PTTL', frozen) < floodMs then redis.call('SET', frozen, '1', 'PX', floodMs) end
  if isBotWide(b .. ':floods', 1000) then
    if redis.call('PTTL', b .. ':pause') < floodMs then redis.call('SET', b .. ':pause', '1', 'PX', floodMs) end
    if not isPaid then slowDown(b, limit, now, 0.5) end
  end
elseif used and not isPaid and tonumber(ARGV[12]) >= tonumber(ARGV[13]) and isBotWide(b .. ':slow', 5000) then
  redis.call('DEL', b .. ':slow')
  slowDown(b, limit, now, 0.7)
end
local state = redis.call('HGET', b .. ':where', chat)
local flight, again = string.match(state or '', '^F[^|]*|([^|]*)|([^|]*)$')
-- A request that went out counts, also where the flight was readied again meanwhile (a lease that had run out).
if used or flight == grant then leave(b, chat, grant, limits, answeredAt, used) end
if flight ~= grant then return 0 end
redis.call('SREM', b .. ':flights', chat)
if again ~= '-' and (next == '' or string.sub(again, 1, 1) < string.sub(next, 1, 1)) then next = again end
-- Nothing of its own is left: a recipient of the broadcast under way gets it now.
if next == '' and redis.call('HEXISTS', b .. ':open', chat) == 1 then next = '4' end
if next == '' then
  redis.call('HDEL', b .. ':where', chat)
else
  local class, items = string.match(next, '^(%d)x?(%d*)$')
  local call = { class = class, items = tonumber(items) or 1 }
  -- What held a preview or a broadcast back does not hold the reply that came meanwhile; a freeze does, by its gate.
  local isOvertaking = class < '2' and string.sub(state, 2, 2) >= '2'
  local holdMs = math.max(isOvertaking and 0 or tonumber(ARGV[4]), (gateMs(b, chat, call, limits, now)))
  redis.call('ZADD', b .. ':ready:' .. class, now + holdMs, chat)
  redis.call('HSET', b .. ':where', chat, 'R' .. next)
end
return 1
