#!lua flags=allow-oom
-- Notes that the head of a chat's outbox is about to be sent. One attempt of a chat at a time.
-- KEYS  1 out  2 out meta (attempt: token|until|delivery id)  3 out dirty  4 tally
-- ARGV  1 token of this attempt  2 ms after which an unanswered attempt's outcome can no longer change
--       3 most repeats of an unknown outcome  4 chat  5 tally series of repeats
-- Returns {'empty'} | {'held', ms} | {'spent', delivery} | {'send', delivery, repeats, tries}
-- Race closed: a sender that died or froze between the request and its note leaves the attempt standing; it is
-- repeated only after its HTTP timeout has surely passed, counted in the same step, and never by two pumps at once.
-- @include clock.lua
local now = clockMs()
local meta = redis.call('HMGET', KEYS[2], 'attempt', 'tries', 'unknowns')
local function find(id)
  for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    if string.sub(member, 1, #id + 1) == id .. '|' then return member end
  end
end
local function note(member, repeats)
  local id = string.match(member, '^[^|]*')
  redis.call('HSET', KEYS[2], 'attempt', ARGV[1] .. '|' .. string.format('%.0f', now + tonumber(ARGV[2])) .. '|' .. id)
  return { 'send', member, repeats, tonumber(meta[2] or '0') }
end
local standing = meta[1]
local head = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if standing then
  local token, untilMs, id = string.match(standing, '^([^|]*)|(%d+)|(.*)$')
  local member = head and string.sub(head, 1, #id + 1) == id .. '|' and head or find(id)
  if tonumber(untilMs) > now then return { 'held', tonumber(untilMs) - now } end
  if member and token == ARGV[1] then return note(member, tonumber(meta[3] or '0'), most(member)) end
  if member then
    local most = string.match(member, '^[^|]*|(%d)|') == '3' and 0 or tonumber(ARGV[3])
    local unknowns = redis.call('HINCRBY', KEYS[2], 'unknowns', 1)
    if unknowns > most then
      note(member, unknowns)
      return { 'spent', member }
    end
    redis.call('HINCRBY', KEYS[4], ARGV[5], 1)
    return note(member, unknowns)
  end
end
if not head then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[4])
  return { 'empty' }
end
return note(head, 0)
