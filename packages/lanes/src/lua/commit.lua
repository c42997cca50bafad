#!lua flags=allow-oom
-- Ends a turn: takes its items from the lane, applies its writes, pushes its deliveries, all or nothing.
-- KEYS  1 inbox  2 turn  3 dirty  4 turns  5 out  6 out meta  7 out dirty  8 views (as in attempt.lua)  9… keys of the writes
-- ARGV  1 lane  2 turn id  3 chat  4 stream of the turn  5 '1' where it tells that the lane sheds
--       6 number of deliveries, then six each: id, class, items, stream, place, payload; then the number of writes, then each: command, index of its key, number of arguments,
--       arguments.
--       The write 'guard' (field, expected value, n) skips the next n writes unless the hash's field has that value;
--       'expect' (field, expected value) refuses the whole commit then.
-- Returns {'committed' | 'already' | 'stale' | 'conflict', '1' where the lane has more, class of the outbox's head or ''}
-- Race closed: a worker that was replaced (its turn id no longer counts) changes nothing; a commit that the client
-- sends again after a lost answer is told 'already'. A preview that waits can't come after the turn's own deliveries; one
-- that is on its way is taken out by its note.
-- @include clock.lua
-- @include backlog.lua
-- @include push.lua
local COMMANDS = { set = 1, hset = 1, hdel = 1, del = 1, expire = 1, hincrby = 1, hincrbyfloat = 1, sadd = 1 }
local lane, turnId = ARGV[1], ARGV[2]
local stamp = redis.call('HMGET', KEYS[2], 'id', 'n', 'last')
if stamp[1] ~= turnId then
  local more = redis.call('EXISTS', KEYS[1]) == 1 and '1' or '0'
  return { stamp[3] == turnId and 'already' or 'stale', more, headClass(KEYS[5]) }
end

-- Looked through before anything changes: a script that breaks off is not undone by Redis.
local firstWrite = 8 + 6 * tonumber(ARGV[6])
local at = firstWrite
for _ = 1, tonumber(ARGV[firstWrite - 1]) do
  if ARGV[at] == 'expect' then
    local value = redis.call('HGET', KEYS[8 + tonumber(ARGV[at + 1])], ARGV[at + 3]) or ''
    if value ~= ARGV[at + 4] then return { 'conflict', '1', headClass(KEYS[5]) } end
  elseif ARGV[at] ~= 'guard' and not COMMANDS[ARGV[at]] then
    return redis.error_reply('a write that is not known: ' .. ARGV[at])
  end
  at = at + 3 + tonumber(ARGV[at + 2])
end

local popped = redis.call('LPOP', KEYS[1], stamp[2]) or {}
redis.call('HSET', KEYS[2], 'id', '', 'last', turnId, 'notBefore', 0, 'head', '')
local bytes = 0
for _, item in ipairs(popped) do bytes = bytes - #item end
if redis.call('HINCRBY', KEYS[2], 'bytes', bytes) <= 0 then redis.call('HDEL', KEYS[2], 'bytes') end
-- Half of what waited is answered: who writes too much again is told again.
local shed = tonumber(redis.call('HGET', KEYS[2], 'shed') or '0')
if shed > 0 then
  if redis.call('LLEN', KEYS[1]) * 2 <= shed then
    redis.call('HDEL', KEYS[2], 'shed', 'told')
  elseif ARGV[5] == '1' then
    redis.call('HSET', KEYS[2], 'told', 1)
  end
end
redis.call('ZREM', KEYS[4], lane)
local nextItem = redis.call('LINDEX', KEYS[1], 0)
if nextItem then
  redis.call('ZADD', KEYS[3], string.match(nextItem, '^%d+'), lane)
else
  redis.call('ZREM', KEYS[3], lane)
end
countBacklog(KEYS[3], lane, -#popped)

local now = clockMs()
local waiting = redis.call('HGET', KEYS[8], 'm:' .. ARGV[4])
if waiting then
  local underWay = string.match(redis.call('HGET', KEYS[6], 'attempt') or '', '^[^|]*|%d+|%a|(.*)$')
  if underWay ~= 'v' .. ARGV[4] then
    redis.call('ZREM', KEYS[5], waiting)
    redis.call('HDEL', KEYS[8], 'm:' .. ARGV[4])
  end
end
redis.call('HDEL', KEYS[8], 's:' .. ARGV[4])
at = 7
for _ = 1, tonumber(ARGV[6]) do
  push(KEYS[5], KEYS[6], {
    id = ARGV[at], class = ARGV[at + 1], items = ARGV[at + 2], stream = ARGV[at + 3], place = ARGV[at + 4],
    payload = ARGV[at + 5],
  }, now)
  at = at + 6
end
if ARGV[6] ~= '0' then redis.call('ZADD', KEYS[7], 'NX', now, ARGV[3]) end

local writes, skip = tonumber(ARGV[firstWrite - 1]), 0
at = firstWrite
for _ = 1, writes do
  local command, key, count = ARGV[at], KEYS[8 + tonumber(ARGV[at + 1])], tonumber(ARGV[at + 2])
  local first, last = at + 3, at + 2 + count
  if skip > 0 then
    skip = skip - 1
  elseif command == 'expect' then
    -- Looked at above.
    skip = 0
  elseif command == 'guard' then
    local value = redis.call('HGET', key, ARGV[first]) or ''
    if value ~= ARGV[first + 1] then skip = tonumber(ARGV[first + 2]) end
  else
    redis.call(command, key, unpack(ARGV, first, last))
  end
  at = last + 1
end
return { 'committed', nextItem and '1' or '0', headClass(KEYS[5]) }
