#!lua flags=allow-oom
-- Says that a granted call is still under way: its places in the budgets stand for as long again.
-- KEYS  1 the bot's base
-- ARGV  1 grant id  2 chat  3 chat per second  4 chat burst  5 group per minute  6 ms that an unanswered call counts
-- Returns 1, or 0 where the chat's flight is no longer this grant.
-- Race closed: an upload may last for minutes and is whole at Telegram only then; what it was granted must not have run
-- out by then, or more would leave than Telegram takes.
-- @include clock.lua
-- @include gates.lua
local b, grant, chat = KEYS[1], ARGV[1], ARGV[2]
local limits = { chatPerSecond = tonumber(ARGV[3]), chatBurst = tonumber(ARGV[4]), groupPerMinute = tonumber(ARGV[5]) }
local now, unansweredMs = clockMs(), tonumber(ARGV[6])
for _, window in ipairs({ b .. ':window', b .. ':paidwindow' }) do
  eachEntry(grant, function(entry) redis.call('ZADD', window, 'XX', now + unansweredMs, entry) end)
end
local flight = string.match(redis.call('HGET', b .. ':where', chat) or '', '^F[^|]*|([^|]*)|')
if flight ~= grant then return 0 end
if isGroup(chat) then
  local log = b .. ':group:' .. chat
  eachEntry(grant, function(entry) redis.call('ZADD', log, 'XX', now + unansweredMs, entry) end)
  redis.call('PEXPIRE', log, GROUP_MS + 2 * unansweredMs)
  return 1
end
local tokens = tonumber(string.match(redis.call('GET', b .. ':bucket:' .. chat) or '', '^([^|]*)|'))
if tokens then keepBucket(b, chat, tokens, limits, now, unansweredMs) end
return 1
