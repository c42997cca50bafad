-- The gate of one chat: a freeze after a 429; for a private chat a bucket, for a group a sliding log of 60 seconds.
-- A call counts from its grant until its answer at least, so that no jitter of the network makes Telegram see more.
local GROUP_MS = 60000
local function isGroup(chat)
  return string.sub(chat, 1, 1) == '-'
end
-- Returns 0 where the chat may be called now, else in how many ms; and the bucket's tokens.
local function gateMs(b, chat, limits, now)
  local frozen = redis.call('PTTL', b .. ':frozen:' .. chat)
  if frozen > 0 then return frozen end
  if isGroup(chat) then
    local log = b .. ':group:' .. chat
    redis.call('ZREMRANGEBYSCORE', log, '-inf', now - GROUP_MS)
    if redis.call('ZCARD', log) < limits.groupPerMinute then return 0 end
    return math.max(1, tonumber(redis.call('ZRANGE', log, 0, 0, 'WITHSCORES')[2]) + GROUP_MS - now)
  end
  local bucket = redis.call('GET', b .. ':bucket:' .. chat)
  if not bucket then return 0, limits.chatBurst end
  local tokens, at = string.match(bucket, '^([^|]*)|(.*)$')
  local filled = math.min(limits.chatBurst, tonumber(tokens) + (now - tonumber(at)) * limits.chatPerSecond / 1000)
  if filled >= 1 then return 0, filled end
  return math.max(1, (1 - filled) * 1000 / limits.chatPerSecond)
end
local function keepBucket(b, chat, tokens, limits, now, unansweredMs)
  local fullInMs = math.ceil((limits.chatBurst - tokens) * 1000 / limits.chatPerSecond + unansweredMs) + 1000
  redis.call('SET', b .. ':bucket:' .. chat, tokens .. '|' .. string.format('%.3f', now), 'PX', fullInMs)
end
local function enter(b, chat, grant, limits, now, unansweredMs, tokens)
  if not isGroup(chat) then return keepBucket(b, chat, tokens - 1, limits, now, unansweredMs) end
  redis.call('ZADD', b .. ':group:' .. chat, now + unansweredMs, grant)
  redis.call('PEXPIRE', b .. ':group:' .. chat, GROUP_MS + 2 * unansweredMs)
end
-- The answer is here: from now on the call is in the past, and the bucket fills again.
local function leave(b, chat, grant, limits, now, used)
  if isGroup(chat) then
    if used then redis.call('ZADD', b .. ':group:' .. chat, 'XX', now, grant)
    else redis.call('ZREM', b .. ':group:' .. chat, grant) end
    return
  end
  local bucket = redis.call('GET', b .. ':bucket:' .. chat)
  local tokens = bucket and tonumber(string.match(bucket, '^([^|]*)|'))
  if not tokens then return end
  if not used then tokens = math.min(limits.chatBurst, tokens + 1) end
  if tokens < limits.chatBurst then keepBucket(b, chat, tokens, limits, now, 0)
  else redis.call('DEL', b .. ':bucket:' .. chat) end
end
