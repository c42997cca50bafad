#!lua flags=allow-oom
-- Erases what is kept of a chat, in one step, whatever its turns are doing.
-- KEYS  1 out  2 out meta  3 out dirty  4 dirty  5 turns  6 turn (of who asks for it)  7… the inboxes of its lanes, then the other keys that go, then
--       the keys of the writes
-- ARGV  1 chat  2 what the keys of its calls begin with  3 id of the turn that asks for it ('' = none)  4 number of lanes, then the lanes; then the number of the other
--       keys; then the number of writes, then each: command, index of its key, number of arguments, arguments; then the
--       number of deliveries that tell of it, then each: id, class, items, stream, place, payload
-- Returns {updates, deliveries} that were erased, and the class of the outbox's head ('' for none); {-1} where the turn
--         that asks for it is no longer its lane's
-- Race closed: a turn in progress is no longer its lane's: what it commits, publishes or calls from now on counts no
-- more, and its items can't be taken for those that come later. Who asked for it is told even if whoever erases dies now.
-- @include clock.lua
-- @include backlog.lua
-- @include push.lua
if ARGV[3] ~= '' and redis.call('HGET', KEYS[6], 'id') ~= ARGV[3] then return { -1 } end
local lanes, others = tonumber(ARGV[4]), tonumber(ARGV[5 + tonumber(ARGV[4])])
local updates, deliveries = 0, redis.call('ZRANGE', KEYS[1], 0, -1)
for i = 1, lanes do
  local waiting = redis.call('LLEN', KEYS[6 + i])
  updates = updates + waiting
  redis.call('DEL', KEYS[6 + i])
  redis.call('ZREM', KEYS[4], ARGV[4 + i])
  redis.call('ZREM', KEYS[5], ARGV[4 + i])
  countBacklog(KEYS[4], ARGV[4 + i], -waiting)
end
-- A call may have been put after the keys were looked for: whoever waits for its answer would wait for ever.
for _, member in ipairs(deliveries) do
  redis.call('DEL', ARGV[2] .. string.match(member, '^[^|]*') .. ':' .. ARGV[1])
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
for i = 1, others do redis.call('DEL', KEYS[6 + lanes + i]) end
local at = 7 + lanes
for _ = 1, tonumber(ARGV[at - 1]) do
  local count = tonumber(ARGV[at + 2])
  redis.call(ARGV[at], KEYS[6 + lanes + others + tonumber(ARGV[at + 1])], unpack(ARGV, at + 3, at + 2 + count))
  at = at + 3 + count
end
local tellings = tonumber(ARGV[at])
for i = 1, tellings do
  local first = at + 6 * (i - 1)
  push(KEYS[1], KEYS[2], {
    id = ARGV[first + 1], class = ARGV[first + 2], items = ARGV[first + 3], stream = ARGV[first + 4],
    place = ARGV[first + 5], payload = ARGV[first + 6],
  }, clockMs())
end
if tellings > 0 then redis.call('ZADD', KEYS[3], clockMs(), ARGV[1]) end
return { updates, #deliveries, headClass(KEYS[1]) }
