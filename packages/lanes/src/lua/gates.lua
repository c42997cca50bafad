-- The gate of one chat: a freeze after a 429; for a private chat a bucket, for a group a sliding log of 60 seconds.
-- A call counts from its grant until its answer at least, so that no jitter of the network makes Telegram see more.
-- An album counts its items: they must fit into the log, and leave the bucket in debt. A preview leaves room for the
-- reply that follows it: one call of the bucket, three tenths of the log, and in groups an even beat.
local GROUP_MS = 60000
local PREVIEWS = '2'
local PREVIEW_SHARE = 0.7
-- A channel may be called by its name.
local function isGroup(chat)
  local first = string.sub(chat, 1, 1)
  return first == '-' or first == '@'
end
-- How many items the grant's call counts as: the grant's id ends in 'x<items>' where they are several.
local function itemsOf(grant)
  return tonumber(string.match(grant, '%.%d+x(%d+)$') or '1')
end
-- The names of a grant's entries in logs: one for each item.
local function eachEntry(grant, visit)
  visit(grant)
  for i = 2, itemsOf(grant) do visit(grant .. '/' .. i) end
end
local function groupGateMs(b, chat, call, limits, now)
  local log = b .. ':group:' .. chat
  redis.call('ZREMRANGEBYSCORE', log, '-inf', now - GROUP_MS)
  local most = limits.groupPerMinute
  if call.class == PREVIEWS then
    most = math.floor(most * PREVIEW_SHARE)
    local newest = tonumber(redis.call('ZREVRANGE', log, 0, 0, 'WITHSCORES')[2] or '0')
    local beatMs = newest + GROUP_MS / limits.groupPerMinute - now
    if beatMs > 0 then return beatMs end
  end
  local over = redis.call('ZCARD', log) + math.min(call.items, most) - most
  if over <= 0 then return most > 0 and 0 or GROUP_MS end
  local past = redis.call('ZRANGE', log, over - 1, over - 1, 'WITHSCORES')[2]
  return math.max(1, tonumber(past or now) + GROUP_MS - now)
end
-- Returns 0 where the chat may be called now, else in how many ms; and the bucket's tokens.
local function gateMs(b, chat, call, limits, now)
  local frozen = redis.call('PTTL', b .. ':frozen:' .. chat)
  if frozen > 0 then return frozen end
  if isGroup(chat) then return groupGateMs(b, chat, call, limits, now) end
  local bucket = redis.call('GET', b .. ':bucket:' .. chat)
  if not bucket then return 0, limits.chatBurst end
  local tokens, at = string.match(bucket, '^([^|]*)|(.*)$')
  local filled = math.min(limits.chatBurst, tonumber(tokens) + (now - tonumber(at)) * limits.chatPerSecond / 1000)
  local needed = math.min(limits.chatBurst, call.class == PREVIEWS and 2 or call.items)
  if filled >= needed then return 0, filled end
  return math.max(1, (needed - filled) * 1000 / limits.chatPerSecond)
end
local function keepBucket(b, chat, tokens, limits, now, unansweredMs)
  local fullInMs = math.ceil((limits.chatBurst - tokens) * 1000 / limits.chatPerSecond + unansweredMs) + 1000
  redis.call('SET', b .. ':bucket:' .. chat, tokens .. '|' .. string.format('%.3f', now), 'PX', fullInMs)
end
local function enter(b, chat, grant, limits, now, unansweredMs, tokens)
  if not isGroup(chat) then return keepBucket(b, chat, tokens - itemsOf(grant), limits, now, unansweredMs) end
  local log = b .. ':group:' .. chat
  eachEntry(grant, function(entry) redis.call('ZADD', log, now + unansweredMs, entry) end)
  redis.call('PEXPIRE', log, GROUP_MS + 2 * unansweredMs)
end
-- The answer is here: from now on the call is in the past, and the bucket fills again.
local function leave(b, chat, grant, limits, now, used)
  if isGroup(chat) then
    local log = b .. ':group:' .. chat
    eachEntry(grant, function(entry)
      if used then redis.call('ZADD', log, 'XX', now, entry) else redis.call('ZREM', log, entry) end
    end)
    return
  end
  local bucket = redis.call('GET', b .. ':bucket:' .. chat)
  local tokens = bucket and tonumber(string.match(bucket, '^([^|]*)|'))
  if not tokens then return end
  if not used then tokens = math.min(limits.chatBurst, tokens + itemsOf(grant)) end
  if tokens < limits.chatBurst then keepBucket(b, chat, tokens, limits, now, 0)
  else redis.call('DEL', b .. ':bucket:' .. chat) end
end
