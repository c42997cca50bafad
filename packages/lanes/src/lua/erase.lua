#!lua flags=allow-oom
-- Erases what is kept of a chat, in one step, whatever its turns are doing.
-- KEYS  1 out  2 out meta  3 out dirty  4 dirty  5 turns  6… the inboxes of its lanes, then the other keys that go, then
--       the keys of the writes
-- ARGV  1 chat  2 what the keys of its calls begin with  3 number of lanes, then the lanes; then the number of the other
--       keys; then the number of writes, then each: command, index of its key, number of arguments, arguments
-- Returns {updates, deliveries} that were erased
-- Race closed: a turn in progress is no longer its lane's: what it commits, publishes or calls from now on counts no
-- more, and its items can't be taken for those that come later.
local lanes, others = tonumber(ARGV[3]), tonumber(ARGV[4 + tonumber(ARGV[3])])
local updates, deliveries = 0, redis.call('ZRANGE', KEYS[1], 0, -1)
for i = 1, lanes do
  updates = updates + redis.call('LLEN', KEYS[5 + i])
  redis.call('DEL', KEYS[5 + i])
  redis.call('ZREM', KEYS[4], ARGV[3 + i])
  redis.call('ZREM', KEYS[5], ARGV[3 + i])
end
-- A call may have been put after the keys were looked for: whoever waits for its answer would wait for ever.
for _, member in ipairs(deliveries) do
  redis.call('DEL', ARGV[2] .. string.match(member, '^[^|]*') .. ':' .. ARGV[1])
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
for i = 1, others do redis.call('DEL', KEYS[5 + lanes + i]) end
local at = 6 + lanes
for _ = 1, tonumber(ARGV[at - 1]) do
  local count = tonumber(ARGV[at + 2])
  redis.call(ARGV[at], KEYS[5 + lanes + others + tonumber(ARGV[at + 1])], unpack(ARGV, at + 3, at + 2 + count))
  at = at + 3 + count
end
return { updates, #deliveries }
