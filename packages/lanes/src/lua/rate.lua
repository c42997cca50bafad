-- The bot's rate: its limit, less what signs of congestion took off it. A sign takes a share, quiet gives it back
-- evenly. Telegram holds calls back for seconds before it says 429, and says it to many chats at once when the bot
-- itself is too fast.
local RECOVERED_PER_SECOND = 0.05
local LEAST_SHARE = 0.2
local function rateOf(b, limit, now)
  local kept = redis.call('GET', b .. ':rate')
  if not kept then return limit end
  local rate, at = string.match(kept, '^([^|]*)|(.*)$')
  return math.min(limit, tonumber(rate) + limit * RECOVERED_PER_SECOND * (now - tonumber(at)) / 1000)
end
local function slowDown(b, limit, now, share)
  local rate = math.max(limit * LEAST_SHARE, rateOf(b, limit, now) * share)
  local backInMs = math.ceil((limit - rate) / (limit * RECOVERED_PER_SECOND) * 1000) + 1
  redis.call('SET', b .. ':rate', string.format('%.3f|%.0f', rate, now), 'PX', backInMs)
end
