#!lua flags=allow-oom
-- Notes what became of an attempt.
-- KEYS  1 out  2 out meta  3 out dirty  4 tally  5 views (as in attempt.lua)  6 the call (as in call.lua)
-- ARGV  1 token of the attempt  2 'done' | 'again' | 'unknown' | 'replace'  3 chat  4 tally series ('' = none)
--       5 the delivery that takes its place (for 'replace')  6 ms after which an unknown outcome can no longer change
--       7 number of the state that was shown (of a preview)  8 what its stream shows now ('' = as before, '-' = forget)
--       9 '1' where the stream shows no previews any more  10 seconds that what is shown is remembered
--       11 the answer to a call (for 'done'; '' = none, '-' = the call is forgotten)  12 seconds that the answer is kept
--       unless the call says it  13 '1' where the stream has ended with what it shows: that is its place's newest reply
-- Returns {'noted' | 'stale', class of the outbox's next head or ''}
-- Race closed: a sender that froze past its attempt can't settle or repeat what another has taken over. A state that was
-- published while an older one was on its way is not forgotten; one whose turn has ended meanwhile is. A place remembers
-- what its newest reply shows, so that it can be made anew in the same messages; of the one before nothing is kept.
-- @include clock.lua
-- @include push.lua
local standing = redis.call('HGET', KEYS[2], 'attempt')
if not standing or string.sub(standing, 1, #ARGV[1] + 1) ~= ARGV[1] .. '|' then return { 'stale', headClass(KEYS[1]) } end
local stage, id = string.match(standing, '^[^|]*|%d+|(%a)|(.*)$')
if ARGV[4] ~= '' then redis.call('HINCRBY', KEYS[4], ARGV[4], 1) end
if ARGV[2] == 'unknown' then
  local untilMs = string.format('%.0f', clockMs() + tonumber(ARGV[6]))
  redis.call('HSET', KEYS[2], 'attempt', ARGV[1] .. '|' .. untilMs .. '|' .. (stage == 'i' and 'h' or stage) .. '|' .. id)
  return { 'noted', headClass(KEYS[1]) }
end

-- Whoever waits for the answer is told now; who misses it looks for it.
if ARGV[2] == 'done' and ARGV[11] == '-' then redis.call('DEL', KEYS[6]) end
if ARGV[2] == 'done' and ARGV[11] ~= '' and ARGV[11] ~= '-' then
  local waiter = redis.call('HGET', KEYS[6], 'w')
  if waiter then
    redis.call('HSET', KEYS[6], 'a', ARGV[11])
    redis.call('EXPIRE', KEYS[6], redis.call('HGET', KEYS[6], 'k') or ARGV[12])
    redis.call('PUBLISH', waiter, 'answer|' .. ARGV[3] .. '|' .. id .. '|' .. ARGV[11])
  end
end

local function isMine(member)
  return member and string.sub(member, 1, #id + 1) == id .. '|'
end
local members = redis.call('ZRANGE', KEYS[1], 0, 1, 'WITHSCORES')
if not isMine(members[1]) then
  -- Something more urgent (a reply before a preview or a broadcast) came in front meanwhile.
  members = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
end
local mine, order
for i = 1, #members, 2 do
  if isMine(members[i]) then mine, order = members[i], tonumber(members[i + 1]) end
end
local class, stream, place = string.match(mine or '', '^[^|]*|(%d)|%d*|([^|]*)|([^|]*)|')
-- Of a stream that may have lost a message it is remembered which ones are the reply's.
local function isLost(name)
  return redis.call('HGET', KEYS[5], 'off:' .. name) == 'lost'
end
if stream and stream ~= '' then
  if ARGV[13] == '1' then
    local newest = redis.call('HGET', KEYS[5], 'newest:' .. place)
    if newest and newest ~= stream and not isLost(newest) then redis.call('HDEL', KEYS[5], 'r:' .. newest) end
    redis.call('HSET', KEYS[5], 'newest:' .. place, stream)
    if not isLost(stream) then redis.call('HDEL', KEYS[5], 'off:' .. stream) end
  end
  if ARGV[8] == '-' then
    redis.call('HDEL', KEYS[5], 'r:' .. stream)
    if not isLost(stream) then redis.call('HDEL', KEYS[5], 'off:' .. stream) end
  elseif ARGV[8] ~= '' then
    redis.call('HSET', KEYS[5], 'r:' .. stream, ARGV[8])
    redis.call('EXPIRE', KEYS[5], ARGV[10])
  end
  if ARGV[9] == '1' then redis.call('HSETNX', KEYS[5], 'off:' .. stream, '1') end
end
if ARGV[2] == 'again' then
  redis.call('HDEL', KEYS[2], 'attempt')
  redis.call('HINCRBY', KEYS[2], 'tries:' .. id, 1)
  return { 'noted', headClass(KEYS[1]) }
end
if mine then
  redis.call('ZREM', KEYS[1], mine)
  if ARGV[2] == 'replace' then redis.call('ZADD', KEYS[1], order, ARGV[5]) end
  if class == '2' then
    local newest = redis.call('HGET', KEYS[5], 's:' .. stream)
    if newest and ARGV[9] ~= '1' and string.match(newest, '^%d+') ~= ARGV[7] then
      local preview = { id = id, class = class, items = '1', stream = stream, place = place, payload = '' }
      redis.call('HSET', KEYS[5], 'm:' .. stream, push(KEYS[1], KEYS[2], preview, clockMs()))
    else
      redis.call('HDEL', KEYS[5], 'm:' .. stream)
    end
  end
end
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[3])
  return { 'noted', '' }
end
redis.call('HDEL', KEYS[2], 'attempt', 'unknowns:' .. id, 'tries:' .. id)
if mine and ARGV[2] == 'done' then reach(KEYS[2], class, order) end
return { 'noted', headClass(KEYS[1]) }
