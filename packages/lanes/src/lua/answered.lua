#!lua flags=allow-oom
-- Ends a grant: stamps the windows with the time of the answer and readies the chat again where more waits.
-- KEYS  1 the bot's base
-- ARGV  1 grant id  2 chat  3 class of the outbox's next head ('' = none)  4 ms to hold the chat  5 ms of a 429's
--       retry_after (0 = none)  6 '1' where a request went out  7 chat per second  8 chat burst  9 group per minute
--       10 chats that must have had a 429 within a second to pause the bot
-- Returns 1, or 0 where the chat's flight is no longer this grant.
-- Race closed: a delivery that came while the call was under way is not forgotten, whichever of the two is noted first.
-- @include clock.lua
-- @include gates.lua
local b, grant, chat, next = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local limits = { chatPerSecond = tonumber(ARGV[7]), chatBurst = tonumber(ARGV[8]), groupPerMinute = tonumber(ARGV[9]) }
-- One ms later than it is: a stamp rounded down would open the window too early.
local now, floodMs, used = clockMs() + 1, tonumber(ARGV[5]), ARGV[6] == '1'
if used then redis.call('ZADD', b .. ':window', 'XX', now, grant) else redis.call('ZREM', b .. ':window', grant) end
if floodMs > 0 then
  redis.call('SET', b .. ':frozen:' .. chat, '1', 'PX', floodMs)
  redis.call('ZREMRANGEBYSCORE', b .. ':floods', '-inf', now - 1000)
  redis.call('ZADD', b .. ':floods', now, chat)
  redis.call('PEXPIRE', b .. ':floods', 2000)
  if redis.call('ZCARD', b .. ':floods') >= tonumber(ARGV[10]) and redis.call('PTTL', b .. ':pause') < floodMs then
    redis.call('SET', b .. ':pause', '1', 'PX', floodMs)
  end
end
local state = redis.call('HGET', b .. ':where', chat)
local flight, again = string.match(state or '', '^F%d|([^|]*)|([^|]*)$')
-- A request that went out counts, also where the flight was readied again meanwhile (a lease that had run out).
if used or flight == grant then leave(b, chat, grant, limits, now, used) end
if flight ~= grant then return 0 end
redis.call('SREM', b .. ':flights', chat)
if again ~= '-' and (next == '' or again < next) then next = again end
if next == '' then
  redis.call('HDEL', b .. ':where', chat)
else
  local holdMs = math.max(tonumber(ARGV[4]), (gateMs(b, chat, limits, now)))
  redis.call('ZADD', b .. ':ready:' .. next, now + holdMs, chat)
  redis.call('HSET', b .. ':where', chat, 'R' .. next)
end
return 1
