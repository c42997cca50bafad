#!lua flags=allow-oom
-- Notes what became of an attempt.
-- KEYS  1 out  2 out meta  3 out dirty  4 tally
-- ARGV  1 token of the attempt  2 'done' | 'again' | 'unknown' | 'replace'  3 chat  4 tally series ('' = none)
--       5 the delivery that takes its place (for 'replace')
-- Returns {'noted' | 'stale', class of the outbox's next head or ''}
-- Race closed: a sender that froze past its attempt can't settle or repeat what another has taken over.
local standing = redis.call('HGET', KEYS[2], 'attempt')
local function head()
  local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  return first and string.match(first, '^[^|]*|(%d)|') or ''
end
if not standing or string.sub(standing, 1, #ARGV[1] + 1) ~= ARGV[1] .. '|' then return { 'stale', head() } end
local id = string.match(standing, '^[^|]*|%d+|(.*)$')
if ARGV[4] ~= '' then redis.call('HINCRBY', KEYS[4], ARGV[4], 1) end
if ARGV[2] == 'unknown' then return { 'noted', head() } end
redis.call('HDEL', KEYS[2], 'attempt')
if ARGV[2] == 'again' then
  redis.call('HINCRBY', KEYS[2], 'tries', 1)
  return { 'noted', head() }
end

local members = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if not members[1] or string.sub(members[1], 1, #id + 1) ~= id .. '|' then
  -- Something more urgent (a reply before a broadcast) came in front meanwhile.
  members = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
end
for i = 1, #members, 2 do
  if string.sub(members[i], 1, #id + 1) == id .. '|' then
    redis.call('ZREM', KEYS[1], members[i])
    local order = tonumber(members[i + 1])
    if ARGV[2] == 'replace' then
      redis.call('ZADD', KEYS[1], order, ARGV[5])
    elseif order < 1000000000 then
      redis.call('HSET', KEYS[2], 'reached', order)
    end
    break
  end
end
redis.call('HDEL', KEYS[2], 'unknowns', 'tries')
local class = head()
if class == '' then
  redis.call('DEL', KEYS[2])
  redis.call('ZREM', KEYS[3], ARGV[3])
end
return { 'noted', class }
